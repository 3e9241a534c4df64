import assert from 'node:assert/strict';
import { LOGGED, openTaskBench, type TaskBench } from '../../../support/taskBench';

describe('simulated tasks', () => {
  let bench: TaskBench;
  before(async () => {
    bench = await openTaskBench({ engine: undefined });
  });
  after(() => bench.close());

  it('say that they are, in the first log line and in each container', async () => {
    assert.equal(bench.runtime.simulated, true);
    const task = bench.run([{ name: 'app', image: 'nginx', logConfiguration: LOGGED }]);
    const running = await task.until(({ lastStatus }) => lastStatus === 'RUNNING');
    assert.deepEqual(task.linesOf('app'), [
      '[simulated] No container engine: this task is not really running.',
    ]);
    assert.match(running.containers[0]?.reason ?? '', /^\[simulated\]/);
    assert.equal(running.containers[0]?.runtimeId, undefined);
    assert.deepEqual(running.containers[0]?.networkBindings, []);
    await task.stop('UserInitiated', 'Task stopped by user');
    assert.equal(task.state.lastStatus, 'STOPPED');
    assert.equal(task.state.stoppedReason, 'Task stopped by user');
    assert.equal(task.container('app').lastStatus, 'STOPPED');
  });

  it('become healthy where health is checked, so that deployments can be tried', async () => {
    const task = bench.run([{ name: 'app', image: 'nginx', healthCheck: { command: ['CMD', 'x'] } }]);
    await task.until(({ healthStatus }) => healthStatus === 'HEALTHY');
    await task.stop('UserInitiated', 'Task stopped by user');
  });

  it('fail where a real one would fail too: missing image, missing log group', async () => {
    const noImage = await bench.run([{ name: 'app', image: '127.0.0.1:1/app:v1' }]).stopped();
    assert.match(noImage.stoppedReason ?? '', /^CannotPullContainerError: /);
    assert.match(noImage.containers[0]?.reason ?? '', /\[simulated\]/);
    const options = { 'awslogs-group': '/missing' };
    const noGroup = await bench
      .run([{ name: 'app', image: 'x', logConfiguration: { logDriver: 'awslogs', options } }])
      .stopped();
    assert.match(noGroup.stoppedReason ?? '', /^ResourceInitializationError: .*log group does not exist/);
    assert.equal(noGroup.stopCode, 'TaskFailedToStart');
  });

  it('stop with the sandbox', async () => {
    const own = await openTaskBench({ engine: undefined });
    const task = own.run([{ name: 'app', image: 'nginx' }]);
    await own.close();
    assert.equal(task.state.lastStatus, 'STOPPED');
  });
});
