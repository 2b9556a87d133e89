import { type LinkPart, splitLinks } from './links'

const shown = (parts: LinkPart[]) => parts.map((part) => (part.kind === 'link' ? part.host + part.rest : part.text)).join('')
const links = (text: string) => splitLinks(text).flatMap((part) => (part.kind === 'link' ? [part.href] : []))

/** A text, and the addresses in it that become links as they are. */
const asTheyStand: [string, ...string[]][] = [
  // Sentences and brackets around an address, and in it.
  ['Voir https://exemple.fr/a_(b) et\nhttp://exemple.fr.', 'https://exemple.fr/a_(b)', 'http://exemple.fr'],
  ['(https://exemple.fr/a), https://exemple.fr/b? https://exemple.fr/a_(b)', 'https://exemple.fr/a', 'https://exemple.fr/b', 'https://exemple.fr/a_(b)'],
  ['(voir https://x.fr.)', 'https://x.fr'],
  ['[https://x.fr/page]', 'https://x.fr/page'],
  ['[https://x.fr/liste[2]]', 'https://x.fr/liste[2]'],
  ['(https://fr.wikipedia.org/wiki/Paris_(Texas))', 'https://fr.wikipedia.org/wiki/Paris_(Texas)'],
  ['https://x.fr/a?b=c&d=e#f!', 'https://x.fr/a?b=c&d=e#f'],
  ['https://x.fr/a*b*c,d;e', 'https://x.fr/a*b*c,d;e'],
  ['HTTPS://X.fr/A', 'HTTPS://X.fr/A'],
  ['voir:https://x.fr/a…', 'https://x.fr/a'],
  // French typography.
  ['« https://x.fr/a » et «https://x.fr/b» ?', 'https://x.fr/a', 'https://x.fr/b'],
  ['https://x.fr/a\u00a0! https://x.fr/b\u202f? https://x.fr/c\u00a0; https://x.fr/d\u00a0:', 'https://x.fr/a', 'https://x.fr/b', 'https://x.fr/c', 'https://x.fr/d'],
  ['“https://x.fr/a” ‘https://x.fr/b’ \'https://x.fr/c\' "https://x.fr/d"', 'https://x.fr/a', 'https://x.fr/b', 'https://x.fr/c', 'https://x.fr/d'],
  ['https://fr.wikipedia.org/wiki/L\'Étranger', 'https://fr.wikipedia.org/wiki/L\'Étranger'],
  ['https://fr.wikipedia.org/wiki/L’Étranger, de Camus', 'https://fr.wikipedia.org/wiki/L’Étranger'],
  ['d’https://x.fr', 'https://x.fr'],
  // Arabic, Chinese.
  ['هل رأيت https://x.fr/page؟', 'https://x.fr/page'],
  ['https://x.fr/page، ثم https://x.fr/b۔', 'https://x.fr/page', 'https://x.fr/b'],
  ['https://ar.wikipedia.org/wiki/مدرسة', 'https://ar.wikipedia.org/wiki/مدرسة'],
  ['见https://x.fr/页。'],
  ['见 https://x.fr/页。', 'https://x.fr/页'],
  // Invisible characters aren't part of it, unless a visible one needs them.
  ['https://x.fr/a\u200e', 'https://x.fr/a'],
  ['\u2067https://x.fr\u2069', 'https://x.fr'],
  ['\u202ahttps://x.fr/a\u202c', 'https://x.fr/a'],
  ['https://x.fr/a\u200b https://x.fr/b\ufeff https://x.fr/c\u2060', 'https://x.fr/a', 'https://x.fr/b', 'https://x.fr/c'],
  ['https://x.fr/a\u00adb https://x.fr/c\u200fd', 'https://x.fr/a', 'https://x.fr/c'],
  ['https://x.fr/a\u0000 https://x.fr/b\u3164', 'https://x.fr/a', 'https://x.fr/b'],
  ['https://x.fr/a\u200d https://x.fr/b\u034f', 'https://x.fr/a', 'https://x.fr/b'],
  ['https://x.fr/👩‍🏫 https://x.fr/❤️', 'https://x.fr/👩‍🏫', 'https://x.fr/❤️'],
  // Ports, addresses of machines, names of networks.
  ['http://localhost:8000/x et http://192.168.1.10:8080', 'http://localhost:8000/x', 'http://192.168.1.10:8080'],
  ['http://[2001:db8::1]:8080/a et http://[::1]', 'http://[2001:db8::1]:8080/a', 'http://[::1]'],
  ['https://école.fr/a https://xn--cole-9oa.fr/a', 'https://école.fr/a', 'https://xn--cole-9oa.fr/a'],
  ['https://почта.рф https://παράδειγμα.ελ https://مثال.مصر/a https://例え.jp', 'https://почта.рф', 'https://παράδειγμα.ελ', 'https://مثال.مصر/a', 'https://例え.jp'],
  ['https://mastodon.social/@claire', 'https://mastodon.social/@claire'],
]

test.each(asTheyStand)('in %j finds its links', (text, ...found) => {
  expect(links(text)).toEqual(found)
})

/** A text, its target, and what the link shows if that differs from the text. */
const rewritten: [string, string | null, string?][] = [
  ['voir www.college.fr/menu.', 'https://www.college.fr/menu'],
  ['écrire à vie.scolaire+6b@ac-lyon.fr.', 'mailto:vie.scolaire+6b@ac-lyon.fr'],
  ['(élodie@exemple.fr)', 'mailto:élodie@exemple.fr'],
  ['«\u00a0claire@exemple.fr\u00a0», \'b\'', 'mailto:claire@exemple.fr'],
  ['\'claire@exemple.fr\'', 'mailto:claire@exemple.fr'],
  ['mailto:claire@exemple.fr?subject=x', 'mailto:claire@exemple.fr'],
  ['\u200eclaire@exemple.fr\u200e', 'mailto:claire@exemple.fr'],
  ['sean.o\'brien@school.ie', 'mailto:sean.o\'brien@school.ie'],
  ['o\'brien@school.ie\'s class', 'mailto:o\'brien@school.ie'],
  ['100%?&#@exemple.fr', 'mailto:100%25%3F%26%23@exemple.fr'],
  ['claire@école.fr', 'mailto:claire@xn--cole-9oa.fr', 'claire@école.fr'],
  // Whole or not at all.
  ['sean.o’brien@school.ie', null],
  ['sean.oʼbrien@school.ie', 'mailto:sean.oʼbrien@school.ie'],
  ['sean.o\u00adbrien@school.ie sean.o’-brien@school.ie', null],
  ['l\'adresse d\'accueil@college.fr, d’accueil@college.fr', null],
  ['a@b@c.fr a@b.c2 "a b"@c.fr a@c.fr2 a@c.fr-', null],
  // The target is what is shown.
  ['https://bank.example@elsewhere.example/', null],
  ['https://claire@exemple.fr/x', null],
  ['www.bank.example@elsewhere.example', null],
  ['https://bank.example\\@elsewhere.example', 'https://bank.example'],
  ['https://аpple.com/', 'https://аpple.com/', 'https://xn--pple-43d.com/'],
  ['https://аррӏе.com', 'https://аррӏе.com', 'https://xn--80ak6aa92e.com'],
  ['https://google.com。evil.example/a', 'https://google.com。evil.example/a', 'https://google.com.evil.example/a'],
  ['https://ｅxample.org/a', 'https://ｅxample.org/a', 'https://example.org/a'],
  ['https://ɡoogle.com', 'https://ɡoogle.com', 'https://xn--oogle-qmc.com'],
  ['http://0x7f.1:8000/a', 'http://0x7f.1:8000/a', 'http://127.0.0.1:8000/a'],
  ['https://ex%61mple.org', 'https://ex%61mple.org', 'https://example.org'],
  ['claire@ехаmple.org', 'mailto:claire@xn--mple-43d3a6i.org', 'claire@xn--mple-43d3a6i.org'],
  // Not links.
  ['www. www.. à 8h@ @claire a@b www awww.x.fr 6e@ 5e', null],
  ['javascript:alert(1) data:text/html,x ftp://a.fr <b>http</b> http:// https://. https://?', null],
]

/** A text, and the phone numbers in it as they are dialled. */
const numbers: [string, ...string[]][] = [
  ['Appelez le 06 12 34 56 78.', '0612345678'],
  ['06.12.34.56.78, 06-12-34-56-78 ou 0612345678', '0612345678', '0612345678', '0612345678'],
  ['06\u00a012\u00a034\u00a056\u00a078 / 01\u202f23\u202f45\u202f67\u202f89', '0612345678', '0123456789'],
  ['+33 6 12 34 56 78 ; +33612345678 ; +33 (0)6 12 34 56 78', '+33612345678', '+33612345678', '+33612345678'],
  ['+33.6.12.34.56.78 (0033 6 12 34 56 78)', '+33612345678', '0033612345678'],
  ['Guadeloupe : +590 690 12 34 56, 0690 12 34 56, 0690.12.34.56', '+590690123456', '0690123456', '0690123456'],
  ['+590 690 123 456 ; +590690123456 ; 00590 690 12 34 56 ; +590 (0)690 12 34 56', '+590690123456', '+590690123456', '00590690123456', '+590690123456'],
  ['Réunion +262 692 12 34 56, Mayotte 0639 12 34 56, Guyane +594 594 12 34 56, Martinique +596 696-12-34-56', '+262692123456', '0639123456', '+594594123456', '+596696123456'],
  ['Nouméa +687 12 34 56, Papeete +689 40 12 34 56, Wallis +681 72 12 34, Saint-Pierre +508 41 12 34', '+687123456', '+68940123456', '+681721234', '+508411234'],
  ['+33 612 345 678, +33 6 1234 5678', '+33612345678', '+33612345678'],
  ['+687 12 34 5, +689 40 12 34, +590 690 12 34 567, 0790 12 34 56'],
  ['Guadeloupe : +590 6 90 12 34 56', '+590690123456'],
  ['Tél:06 12 34 56 78 (portable)', '0612345678'],
  ['اتصل على 06 12 34 56 78، أو +33612345678', '0612345678', '+33612345678'],
  ['Mère : 06 12 34 56 78\nPère : 07 12 34 56 78', '0612345678', '0712345678'],
  // Dates, times, amounts, versions, addresses of machines.
  ['01/02/2026, 01-02-2026, 01.02.2026, 2026-09-01 08:30:15, le 01 02 03 à 04 h 05'],
  ['1 234 567,89 € 0,123456789 10 000 000 06 12 34 56 % 192.168.010.012 12:06:12:34:56:78'],
  // Numbers of people, accounts and files.
  ['2 06 12 75 116 005 43 FR76 3000 6000 0112 3456 7890 189 0612345678A n°00612345678 061234567890'],
  ['REF-0612345678 0612345678-01 12-06-12-34-56-78 06 12 34 56 78 90 550e8400-0612345678-ab 0612345678_1 0612345678@b.c2'],
  ['06 12.34 56 78 06 12 34 56 7 +336123456789 +44 6 12 34 56 78 ++33612345678 00 12 34 56 78'],
  // A part of an address.
  ['https://x.fr/06.12.34.56.78?t=0612345678 x.fr/0612345678 ?tel=0612345678', 'https://x.fr/06.12.34.56.78?t=0612345678'],
  ['0612345678@exemple.fr', 'mailto:0612345678@exemple.fr'],
]

test.each(numbers)('in %j finds its phone numbers', (text, ...found) => {
  expect(links(text).map((href) => href.replace(/^tel:/, ''))).toEqual(found)
  expect(shown(splitLinks(text))).toBe(text)
})

test.each(rewritten)('%j leads to %s', (...[text, href, seen]) => {
  expect(links(text)).toEqual(href === null ? [] : [href])
  const link = splitLinks(text).find((part) => part.kind === 'link')
  if (seen === undefined) expect(shown(splitLinks(text))).toBe(text)
  else expect(link && shown([link])).toBe(seen)
})

test('keeps every character of the text', () => {
  for (const [text] of asTheyStand) expect(shown(splitLinks(text))).toBe(text)
})

/** Texts in which every character could begin or end a link. */
const long: [string, number][] = [
  ['a.'.repeat(5_000), 0],
  [`https://x.fr/${')'.repeat(9_000)}`, 1],
  [`${"'".repeat(5_000)}@${"'a".repeat(2_500)}`, 0],
  [`a@${'a.'.repeat(5_000)}`, 0],
  [`a@${'a'.repeat(10_000)}`, 0],
  ['a@a.fr'.repeat(1_600), 0],
  [`www.${'\u200d'.repeat(9_000)}@`, 0],
  ['https://'.repeat(1_200), 1],
  ['(a@b.fr '.repeat(1_200), 1_200],
  ['06 12 34 56 '.repeat(900), 0],
  ['+33 (0)'.repeat(1_400), 0],
]

test.each(long)('is fast for a long text: %.20s…', (text, count) => {
  expect(links(text)).toHaveLength(count)
})
