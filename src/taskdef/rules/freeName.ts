/** A name that is not taken: the wanted one, or that with a number. */
export function freeName(wanted: string, taken: readonly (string | undefined)[]): string {
  let name = wanted;
  for (let number = 2; taken.includes(name); number += 1) {
    name = `${wanted}-${number}`;
  }
  return name;
}
