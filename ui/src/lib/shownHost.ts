const propertyOf = (script: string) => String.raw`\p{Script=${script}}`

/** The letters of scripts with domain names under top-level domains of the same script; for Latin, those of European languages. */
const scripts = [
  'a-zß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĵķĺļľłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžșț',
  ...['Arabic', 'Armenian', 'Bengali', 'Cyrillic', 'Devanagari', 'Georgian', 'Greek', 'Hebrew', 'Tamil', 'Thai'].map(propertyOf),
  `a-z${propertyOf('Han')}${propertyOf('Hiragana')}${propertyOf('Katakana')}ー`,
  `a-z${propertyOf('Han')}${propertyOf('Hangul')}`,
]

/**
 * The displayed host of an address: as it was typed if that is the host that is opened and can't be mistaken for another,
 * else as the browser parsed it. A name with letters beyond ASCII must use only one script, including the top-level domain
 * ("highly restrictive" of UTS #39 5.2, for the whole name): "аpple.com" with a Cyrillic а, or all Cyrillic under .com, is
 * shown as xn--….
 */
export function shownHost(typed: string, hostname: string): string {
  const host = typed.toLowerCase()
  return host === hostname || isOfOneScript(host.normalize('NFC')) ? typed : hostname
}

function isOfOneScript(host: string): boolean {
  return !/^[\x20-\x7e]*$/.test(host) && scripts.some((letters) => new RegExp(`^[${letters}0-9.-]+$`, 'u').test(host))
}
