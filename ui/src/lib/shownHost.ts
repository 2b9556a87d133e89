const propertyOf = (script: string) => String.raw`\p{Script=${script}}`

/** The letters of scripts that have names of their own below top-level domains of their own; of Latin, those of European languages. */
const scripts = [
  'a-zß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĵķĺļľłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžșț',
  ...['Arabic', 'Armenian', 'Bengali', 'Cyrillic', 'Devanagari', 'Georgian', 'Greek', 'Hebrew', 'Tamil', 'Thai'].map(propertyOf),
  `a-z${propertyOf('Han')}${propertyOf('Hiragana')}${propertyOf('Katakana')}ー`,
  `a-z${propertyOf('Han')}${propertyOf('Hangul')}`,
]

/**
 * The host of an address as it is shown: as it was typed where that is the one that is opened and can't be taken for
 * another, else as the browser understood it. A name with letters beyond ASCII must keep to one script, the top-level domain
 * included ("highly restrictive" of UTS #39 5.2, for the whole name): "аpple.com" with a Cyrillic а, or all Cyrillic
 * below .com, shows as xn--….
 */
export function shownHost(typed: string, hostname: string): string {
  const host = typed.toLowerCase()
  return host === hostname || isOfOneScript(host.normalize('NFC')) ? typed : hostname
}

function isOfOneScript(host: string): boolean {
  return !/^[\x20-\x7e]*$/.test(host) && scripts.some((letters) => new RegExp(`^[${letters}0-9.-]+$`, 'u').test(host))
}
