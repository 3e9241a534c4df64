/**
 * The items that have a key, in their order, each with the last one before it that has the same key. What has no key,
 * since it is missing or a placeholder stands for it, repeats nothing.
 */
export function* keyed<Item, Key>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key | undefined,
): Generator<{ readonly item: Item; readonly key: Key; readonly earlier: Item | undefined }> {
  const last = new Map<Key, Item>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) {
      yield { item, key, earlier: last.get(key) };
      last.set(key, item);
    }
  }
}
