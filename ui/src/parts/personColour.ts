/** How many there are in avatar.css. */
const colours = 12

/** The same number always gets the same colour. */
export function colourOf(id: number): string {
  return `person-colour-${id % colours}`
}

/** Cached, because each bubble of a group asks for it. */
const known = new WeakMap<readonly { id: number }[], Map<number, number>>()

/**
 * The colour of one of these people. As long as there are enough colours, no two of them have the same: in the order
 * of their ids, whoever finds theirs taken gets the next.
 */
export function colourAmong(id: number, people: readonly { id: number }[]): string {
  let chosen = known.get(people)
  if (!chosen) {
    chosen = new Map()
    const ids = people.length > colours ? [] : people.map((one) => one.id).sort((a, b) => a - b)
    const taken = new Set<number>()
    for (const one of ids) {
      let colour = one % colours
      while (taken.has(colour)) colour = (colour + 1) % colours
      taken.add(colour)
      chosen.set(one, colour)
    }
    known.set(people, chosen)
  }
  return colourOf(chosen.get(id) ?? id)
}
