/** Laws of names: every mapping can be undone, and nothing that differs meets. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { bytesToName, nameToBytes } from "../../lib/names/bytes.ts";
import { compareNames, foldName, nfcKey } from "../../lib/names/compare.ts";
import { decodeName, encodeName, isPlainName, toStandardName } from "../../lib/names/encode.ts";
import { createLocalNames } from "../../lib/names/local_name.ts";
import {
  formatMask,
  JOTTACLOUD_MASK,
  LOCAL_MASKS,
  MASK_FLAGS,
  parseMask,
  STANDARD_MASK,
} from "../../lib/names/mask.ts";
import { createRemoteNames } from "../../lib/names/remote_name.ts";
import { refusedReason } from "../../lib/names/tables.ts";

/** Default of rclone up to v1.73 (API reference 8.1). */
const MASK_BEFORE_V1_74 = parseMask(
  "Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,Del,Ctl,InvalidUtf8,Dot",
);

const RUNS = { numRuns: 3000 };
const PLATFORMS = ["linux", "darwin", "windows"] as const;

/** Pieces that matter to some mask, most of all the quote. */
const PIECES = [
  ..."‛‛‛‛‛／／：：␀␀．．␠␠␡␁␊％＊＼～＜［；！",
  ...' ./:%*?"<>|\\~;[\0\x01\n\x7f',
  ..."aFf89é�😀ﬀ",
  "FF",
  "‛FF",
  "‛ff",
  "‛C3",
  "‛A9",
  "‛2F",
  "‛2E",
  "‛E2‛80‛9B",
];
const BYTE_ESCAPES = ["\udc80", "\udcc3", "\udca9", "\udcff", "\udce2", "\udc9b"];

const texts = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 }).map((pieces) =>
  pieces.join("")
);
const anyText = fc.oneof(
  { weight: 4, arbitrary: texts },
  fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
);
/** Any byte string that is a name, in its one form as text. */
const rawNames = fc.oneof(
  anyText,
  fc.array(fc.constantFrom(...PIECES, ...BYTE_ESCAPES), { minLength: 1, maxLength: 8 })
    .map((pieces) => bytesToName(nameToBytes(pieces.join("")))),
  fc.uint8Array({ minLength: 1, maxLength: 12 }).map(bytesToName),
);
const masks = fc.array(fc.constantFrom(...MASK_FLAGS)).map((flags) =>
  flags.reduce((mask, flag) => mask | flag.bit, 0)
);
/** Names that some mask with a leading or trailing period rule takes for `..`. */
const TAKEN_FOR_DOTS = /^[.．]{2}$/;
const TRAILING_BITS = parseMask("RightSpace,RightPeriod,RightCrLfHtVt");

/** Makes a name valid for a disk by leaving out what that disk cannot hold. */
function localNames(platform: (typeof PLATFORMS)[number]): fc.Arbitrary<string> {
  // deno-lint-ignore no-control-regex
  const invalid = platform === "windows" ? /[\0-\x1f/<>":?*|\\]/g : /[/\0]/g;
  const invalidEnd = platform === "windows" ? /[ .]+$/ : "";
  return anyText.map((text) => text.replace(invalid, "").replace(invalidEnd, "")).filter((name) =>
    !["", ".", ".."].includes(name)
  );
}

for (const platform of PLATFORMS) {
  const local = createLocalNames(platform);
  const remote = createRemoteNames(JOTTACLOUD_MASK);

  Deno.test(`createLocalNames(${platform}) gives each local name back`, () => {
    fc.assert(
      fc.property(
        localNames(platform),
        (name) => assert.equal(local.fromStandard(local.toStandard(name)), name),
      ),
      RUNS,
    );
  });

  Deno.test(`createLocalNames(${platform}) gives each standard name back, so no two meet on the disk`, () => {
    fc.assert(
      fc.property(rawNames, (raw) => {
        const standard = encodeName(raw, STANDARD_MASK);
        const name = local.fromStandard(standard);
        assert.equal(local.toStandard(name), standard);
        assert.equal(local.fromStandard(local.toStandard(name)), name);
        if (platform === "windows") assert.doesNotMatch(name, /[/<>":?*|\\]|[ .]$/);
        assert.ok(name.isWellFormed() && !/[/\0]/.test(name) && !/^\.{0,2}$/.test(name), name);
      }),
      RUNS,
    );
  });

  Deno.test(`createLocalNames(${platform}) keeps different names different`, () => {
    fc.assert(
      fc.property(fc.uniqueArray(localNames(platform), { maxLength: 40 }), (names) => {
        assert.equal(new Set(names.map((name) => local.toStandard(name))).size, names.length);
      }),
      { numRuns: 500 },
    );
  });

  Deno.test(`A name of ${platform} survives the way to the service and back`, () => {
    fc.assert(
      fc.property(localNames(platform), (name) => {
        const stored = remote.toStored(local.toStandard(name));
        assert.equal(local.fromStandard(remote.fromStored(stored)), name);
        if (!/[\ufeff\ufffe\uffff]/.test(name)) assert.equal(refusedReason(stored), undefined);
      }),
      RUNS,
    );
  });

  Deno.test(`createLocalNames(${platform}) reads names without a quote as rclone does`, () => {
    // rclone on Windows takes `.．` and `．．` both for `..`.
    const names = localNames(platform).filter((name) => !name.includes("‛") && name !== ".．");
    fc.assert(
      fc.property(names, (name) => {
        assert.equal(local.toStandard(name), toStandardName(name, LOCAL_MASKS[platform]));
      }),
      RUNS,
    );
  });
}

Deno.test("createRemoteNames() gives each standard and each stored name back", () => {
  for (const mask of [JOTTACLOUD_MASK, MASK_BEFORE_V1_74]) {
    const remote = createRemoteNames(mask);
    fc.assert(
      fc.property(rawNames, (raw) => {
        const standard = encodeName(raw, STANDARD_MASK);
        const stored = remote.toStored(standard);
        assert.equal(remote.fromStored(stored), standard);
        assert.equal(remote.toStored(remote.fromStored(stored)), stored);
        assert.ok(stored.isWellFormed());
      }),
      RUNS,
    );
  }
});

Deno.test("decodeName() undoes encodeName() under every mask without a trailing rule", () => {
  fc.assert(
    fc.property(rawNames.filter((name) => !TAKEN_FOR_DOTS.test(name)), masks, (name, anyMask) => {
      const mask = anyMask & ~TRAILING_BITS;
      assert.equal(decodeName(encodeName(name, mask), mask), name);
    }),
    RUNS,
  );
});

Deno.test("decodeName() undoes encodeName() under every mask for names without a quote", () => {
  fc.assert(
    fc.property(
      rawNames.filter((name) => !name.includes("‛") && !TAKEN_FOR_DOTS.test(name)),
      masks,
      (name, mask) => {
        assert.equal(decodeName(encodeName(name, mask), mask), name);
      },
    ),
    RUNS,
  );
});

Deno.test("isPlainName() is only true for names that no encoding or decoding changes", () => {
  fc.assert(
    fc.property(rawNames, masks, masks, (name, mask, otherMask) => {
      if (!isPlainName(name, mask)) return;
      assert.equal(encodeName(name, mask), name);
      assert.equal(decodeName(name, otherMask), name);
    }),
    RUNS,
  );
});

Deno.test("parseMask() undoes formatMask()", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffffffff }),
      (mask) => assert.equal(parseMask(formatMask(mask)), mask),
    ),
    RUNS,
  );
});

Deno.test("nameToBytes() undoes bytesToName()", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      assert.deepEqual(nameToBytes(bytesToName(bytes)), Uint8Array.from(bytes));
    }),
    RUNS,
  );
});

Deno.test("compareNames() orders as the bytes of the names do", () => {
  fc.assert(
    fc.property(rawNames, rawNames, (left, right) => {
      const byBytes = nameToBytes(left).toHex() < nameToBytes(right).toHex() ? -1 : left === right ? 0 : 1;
      assert.equal(Math.sign(compareNames(left, right)), byBytes);
    }),
    RUNS,
  );
});

Deno.test("foldName() and nfcKey() change nothing the second time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      assert.equal(foldName(foldName(name)), foldName(name));
      assert.equal(nfcKey(nfcKey(name)), nfcKey(name));
    }),
    RUNS,
  );
});
