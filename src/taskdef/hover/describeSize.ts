import type { ValueView } from '../document/valueView';
import type { Task } from '../rules/task';
import type { TextSpan } from '../document/textSpan';
import { cpuUnitsOf, FARGATE_SIZES, inGigabytes, inVcpu, memoryMibOf } from '../rules/taskSize';
import { hoverText, type HoverText } from './hoverText';

/** What the cpu or memory at an offset amounts to, for a hover; `undefined` where there is none. */
export function describeSizeAt(
  task: Task,
  offset: number,
): { readonly span: TextSpan; readonly text: HoverText } | undefined {
  const at = (view: ValueView): boolean =>
    view.known && view.span.offset <= offset && offset <= view.span.offset + view.span.length;
  const cpu = [task.cpu, ...task.containers.map((container) => container.member('cpu'))].find(at);
  const units = cpu && cpuUnitsOf(cpu);
  if (cpu && units) {
    return {
      span: cpu.span,
      text: hoverText(`${units} CPU units: ${inVcpu(units)}`, offeredBy(task, cpu)),
    };
  }
  const memory = [
    task.memory,
    ...task.containers.flatMap((container) => [
      container.member('memory'),
      container.member('memoryReservation'),
    ]),
  ].find(at);
  const mib = memory && memoryMibOf(memory);
  return memory && mib
    ? { span: memory.span, text: hoverText(`${mib} MiB: ${Number((mib / 1024).toFixed(3))} GB`, []) }
    : undefined;
}

/** The memory that goes with the cpu of a task on Fargate. */
function offeredBy(task: Task, cpu: ValueView): [string, string][] {
  const offered =
    task.fargate && cpu.node === task.cpu.node ? FARGATE_SIZES.get(cpuUnitsOf(cpu) ?? 0) : undefined;
  const [least, ...more] = offered ?? [];
  const most = more.at(-1);
  return least && most ? [['Memory on Fargate', `${inGigabytes(least)} to ${inGigabytes(most)}`]] : [];
}
