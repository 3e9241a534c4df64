import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * The descendants of a process that run in a container, which is: in another process namespace. Podman builds in
 * such containers; they have a session of their own, so that a signal to the process group does not reach them,
 * and they would live on. Linux only: elsewhere containers are in a virtual machine, and there are none to find.
 */
export function descendantsInContainers(pid: number): number[] {
  const own = processNamespace(pid);
  if (own === undefined) {
    return [];
  }
  const children = childrenByParent();
  const descendants = [pid];
  for (const each of descendants) {
    descendants.push(...(children.get(each) ?? []));
  }
  return descendants.filter((each) => (processNamespace(each) ?? own) !== own);
}

function processNamespace(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // proc(5): pid (name) state parent …; the name may hold anything, parentheses included.
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return children;
}
