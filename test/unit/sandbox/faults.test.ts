import assert from 'node:assert/strict';
import { createFaultSet, type Fault, parseFault } from '../../../src/sandbox/faults';

describe('the set of faults', () => {
  const fault = (members: Partial<Fault>): Fault => ({
    ...parseFault({ operation: 'RunTask', kind: 'throttle' }),
    ...members,
  });

  it('gives a fault to the operations that it names', () => {
    const faults = createFaultSet();
    faults.add(fault({}));
    assert.equal(faults.take('ListTasks'), undefined);
    assert.equal(faults.take('RunTask')?.kind, 'throttle');
  });

  it('gives a fault for all to every operation, but not to the registry', () => {
    const faults = createFaultSet();
    faults.add(fault({ operation: '*' }));
    assert.equal(faults.take('registry'), undefined);
    assert.ok(faults.take('ListTasks'));
  });

  it('uses faults up one after the other, in the order in which they were added', () => {
    const faults = createFaultSet();
    faults.add(fault({ kind: 'throttle', count: 2 }));
    faults.add(fault({ kind: 'drop', count: 1 }));
    const taken = [1, 2, 3, 4].map(() => faults.take('RunTask')?.kind);
    assert.deepEqual(taken, ['throttle', 'throttle', 'drop', undefined]);
    assert.deepEqual(faults.list(), []);
  });

  it('lets some requests through first, as the pages before one that fails', () => {
    const faults = createFaultSet();
    faults.add(fault({ skip: 2, count: 1 }));
    faults.take('ListTasks');
    const taken = [1, 2, 3, 4].map(() => faults.take('RunTask') !== undefined);
    assert.deepEqual(taken, [false, false, true, false]);
  });

  it('counts hits only: a request that chance spares uses nothing up', () => {
    const chances = [0.9, 0.1, 0.9, 0.1];
    const faults = createFaultSet(() => chances.shift() ?? 1);
    faults.add(fault({ probability: 0.5, count: 2 }));
    const taken = [1, 2, 3, 4, 5].map(() => faults.take('RunTask') !== undefined);
    assert.deepEqual(taken, [false, true, false, true, false]);
  });
});
