import assert from "node:assert/strict";
import { Re2Matcher } from "../../../../../lib/filter/re2/matcher.ts";

/** Expression, texts that match, texts that do not; as Go's regexp answers. */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["b", ["b", "abc"], ["", "a"]],
  ["^$", [""], ["a"]],
  ["^a|b$", ["ax", "xb"], ["xa", "bx"]],
  ["(|a)b", ["b", "ab"], ["a"]],
  ["^a*$", ["", "aaa"], ["ab"]],
  ["^a+?b??$", ["a", "aab"], ["", "b"]],
  ["^a{2}$", ["aa"], ["a", "aaa"]],
  ["^a{2,}$", ["aa", "aaaa"], ["a"]],
  ["^a{1,3}$", ["a", "aaa"], ["", "aaaa"]],
  ["^a{0}b$", ["b"], ["ab"]],
  ["^a{,2}$", ["a{,2}"], ["a", "aa"]],
  ["^a{01}$", ["a{01}"], ["a"]],
  ["^(?:ab){2}$", ["abab"], ["ab"]],
  ["^(a*)*$", ["", "aaa"], ["b"]],
  ["^(?P<one>a)(?<two>b)$", ["ab"], ["a"]],
  // Characters
  ["^.$", ["a", "é", "😀"], ["", "ab", "\n"]],
  ["^(?s).$", ["\n"], [""]],
  ["^(?s:.)(?-s).$", ["\na"], ["\n\n"]],
  ["^[^a]$", ["b", "\n", "😀"], ["a"]],
  ["^[]a]$", ["]", "a"], ["b"]],
  ["^[^]a]$", ["b"], ["]", "a"]],
  ["^[a-]$", ["a", "-"], ["b"]],
  ["^[a\\-c]$", ["a", "-", "c"], ["b"]],
  ["^[+--]$", ["+", ",", "-"], ["."]],
  ["^[\\d_]$", ["7", "_"], ["a"]],
  ["^[^\\D]$", ["7"], ["a"]],
  ["^[[:alpha:][:digit:]]$", ["a", "7"], ["_", "é"]],
  ["^[[:^alpha:]]$", ["7", "é"], ["a"]],
  ["^[[a]$", ["[", "a"], [":"]],
  ["^\\s$", [" ", "\t", "\f"], ["\v", "\u00a0"]],
  ["^[[:space:]]$", [" ", "\v"], ["\u00a0"]],
  ["^\\W$", ["é", "-"], ["_"]],
  ["^\\pL$", ["é", "ж"], ["1"]],
  ["^\\PL$", ["1"], ["é"]],
  ["^\\p{Greek}$", ["σ"], ["s"]],
  ["^\\p{greek}\\p{letter}\\p{old-italic}$", ["σa\u{10300}"], ["aa\u{10300}"]],
  ["^\\p{Any}\\p{ASCII}$", ["é7"], ["7é"]],
  ["^\\p{^Greek}$", ["s"], ["σ"]],
  ["^\\P{^Lu}$", ["A"], ["a"]],
  ["^[\\p{Lu}1]$", ["A", "1"], ["a"]],
  ["^\\x41\\x{1F600}\\101\\t\\.$", ["A😀A\t."], ["A😀A\t!"]],
  ["^\\Qa.b(\\E+$", ["a.b(", "a.b(("], ["axb("]],
  ["^\\Qa.b", ["a.bc"], ["axb"]],
  // Case
  ["(?i)^straße$", ["STRAßE", "straẞe"], ["STRASSE"]],
  ["(?i)^k$", ["K", "\u212a"], ["c"]],
  ["(?i)^[a-c]$", ["B"], ["D"]],
  ["(?i)^[^a-c]$", ["D"], ["B"]],
  ["(?i)^\\P{Lu}$", ["1"], ["A", "a"]],
  ["^(?i:a)b$", ["Ab", "ab"], ["aB"]],
  ["^(?i)a(?-i)b$", ["Ab"], ["AB"]],
  ["^((?i)a)b|c$", ["Ab", "c"], ["AB", "C"]],
  ["^(?i)a|b$", ["A", "xB"], ["x"]],
  // Places
  ["\\bab\\b", ["ab", "x ab.", "éab"], ["xab", "ab1"]],
  ["a\\Bb", ["ab"], ["a b", "a-b"]],
  ["(?m)^b$", ["b", "a\nb", "b\nc"], ["ab"]],
  ["^b$", ["b"], ["a\nb"]],
  ["\\Ab\\z", ["b"], ["ab", "b\n"]],
  ["^*a", ["a", "ba"], ["b"]],
];

for (const [source, hits, misses] of CASES) {
  Deno.test(`/${source}/ matches what RE2 matches`, () => {
    const matcher = new Re2Matcher(source);
    for (const text of hits) assert.equal(matcher.test(text), true, JSON.stringify(text));
    for (const text of misses) assert.equal(matcher.test(text), false, JSON.stringify(text));
  });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["(a", 'a "(" is never closed with ")"'],
  ["a)", 'a ")" has no "("'],
  ["[a", 'a "[" is never closed with "]"'],
  ["[", 'a "[" is never closed with "]"'],
  ["[z-a]", 'the range "z-a" in "[...]" runs backwards'],
  ["[[:foo:]]", 'there is no class "[:foo:]"'],
  ["[[:perlSpace:]]", 'there is no class "[:perlSpace:]"'],
  ["[a-\\d]", '"\\d" means nothing'],
  ["*a", '"*" has nothing to repeat'],
  ["a|+", '"+" has nothing to repeat'],
  ["(?i)*", '"*" has nothing to repeat'],
  ["a**", '"*" repeats a repeat'],
  ["a{2}{3}", '"{3}" repeats a repeat'],
  ["a{3,2}", 'in "{3,2}" the smaller number has to come first'],
  ["a{1001}", '"{1001}" repeats more than 1000 times'],
  ["(a{100}){100}", '"{100}" repeats more than 1000 times'],
  ["a\\", 'it ends with a "\\" that has nothing to escape'],
  ["\\8", '"\\8" means nothing'],
  ["\\1", '"\\1" means nothing'],
  ["\\Z", '"\\Z" means nothing'],
  ["\\é", '"\\é" means nothing'],
  ["\\x{110000}", 'there is no character "\\x{110000}"'],
  ["\\p{Foo}", 'there is no Unicode class "\\p{Foo}"'],
  ["(?<=a)b", '"(?<=" is no group that rclone knows (it has no lookaround)'],
  ["(?!a)b", '"(?!" is no group that rclone knows (it has no lookaround)'],
  ["(?-)a", '"(?-" is no group that rclone knows (it has no lookaround)'],
  ["(?P<a>b)(?P<a>c)", 'two groups have the name "a"'],
  ["(".repeat(2000) + ")".repeat(2000), "its groups are nested too deep"],
  ["(" + "a".repeat(999) + "){1000}", "it is too large"],
];

for (const [source, message] of REFUSED) {
  Deno.test(`/${source.slice(0, 40)}/ is refused, as Go does`, () => {
    assert.throws(() => new Re2Matcher(source), { name: "Re2SyntaxError", message });
  });
}

Deno.test("Re2Matcher answers the same after it has thrown away what it kept", () => {
  // Needs 2^13 states, more than are kept.
  const matcher = new Re2Matcher("^(?:a|b)*a(?:a|b){12}$");
  let bits = 1;
  for (let run = 0; run < 3_000; run++) {
    bits = (bits * 1_103_515_245 + 12_345) % 2 ** 31;
    const text = bits.toString(2).replaceAll("0", "a").replaceAll("1", "b");
    assert.equal(matcher.test(text), text.length >= 13 && text.at(-13) === "a", text);
  }
});
