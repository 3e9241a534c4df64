import { closeSync, openSync } from 'node:fs';

/** Keeps the files that are in use open, and closes those that have not been for longest. */
export interface OpenFiles {
  /** A descriptor to append with and to read from anywhere; it may be closed by the next call. */
  descriptor(path: string): number;
  /** To be called before a file is deleted. */
  close(path: string): void;
  closeAll(): void;
}

export function createOpenFiles(limit: number): OpenFiles {
  const descriptors = new Map<string, number>();
  const close = (path: string): void => {
    const descriptor = descriptors.get(path);
    if (descriptor !== undefined) {
      descriptors.delete(path);
      closeSync(descriptor);
    }
  };
  return {
    descriptor: (path) => {
      const descriptor = descriptors.get(path) ?? openSync(path, 'a+');
      // A map iterates in the order of insertion: the first is the one not used for longest.
      descriptors.delete(path);
      descriptors.set(path, descriptor);
      const [oldest] = descriptors.keys();
      if (descriptors.size > limit && oldest !== undefined) {
        close(oldest);
      }
      return descriptor;
    },
    close,
    closeAll: () => [...descriptors.keys()].forEach(close),
  };
}
