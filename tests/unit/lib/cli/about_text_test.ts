/** Usage and text pairs of rclone (lsformat.json, kind `aboutFormat`). */
import { equal } from "node:assert/strict";
import { type AboutForm, aboutLines, type AboutUsage } from "../../../../lib/cli/about_text.ts";

const CASES: readonly (readonly [id: string, form: AboutForm, usage: AboutUsage, stdout: string])[] = [
  [
    "ls-0293",
    "full",
    { total: 18253611008, used: 7993453766, trashed: 104857602, other: 8849156022, free: 1411001220 },
    "Total:   18253611008\nUsed:    7993453766\nFree:    1411001220\nTrashed: 104857602\nOther:   8849156022\n",
  ],
  ["ls-0295", "human", { used: 12345678901 }, "Used:    11.498 GiB\n"],
  [
    "ls-0298",
    "human",
    { total: 5368709120, used: 1073741824, free: 4294967296 },
    "Total:   5 GiB\nUsed:    1 GiB\nFree:    4 GiB\n",
  ],
  [
    "ls-0300",
    "json",
    { total: 5368709120, used: 1073741824, free: 4294967296 },
    '{\n\t"total": 5368709120,\n\t"used": 1073741824,\n\t"free": 4294967296\n}\n',
  ],
  [
    "ls-0307",
    "human",
    { total: 1099511627776, used: 1, free: 1099511627775, objects: 7 },
    "Total:   1 TiB\nUsed:    1 B\nFree:    1024.000 GiB\nObjects: 7\n",
  ],
  ["ls-0311", "full", {}, ""],
  ["ls-0312", "json", {}, "{}\n"],
];

for (const [id, form, usage, stdout] of CASES) {
  Deno.test(`aboutLines() writes what rclone writes (${id}, ${form})`, () => {
    equal(aboutLines(usage, form).map((line) => `${line}\n`).join(""), stdout);
  });
}
