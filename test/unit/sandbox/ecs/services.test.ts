import assert from 'node:assert/strict';
import { EcsHarness, isSteady, messages } from './ecsHarness';

describe('sandbox ECS services', () => {
  let ecs: EcsHarness;
  beforeEach(() => (ecs = new EcsHarness()));
  afterEach(() => ecs.service.stop());

  it('starts the desired tasks and says so in the events, newest first', async () => {
    const created = await ecs.createWeb('good', { desiredCount: 2 });
    assert.equal(created.deployments[0].rolloutState, 'IN_PROGRESS');
    const service = await ecs.serviceWhere(isSteady);
    const [first, second, third] = messages(service);
    const { id } = service.deployments[0];
    assert.equal(first, '(service web) has reached a steady state.');
    assert.equal(second, `(service web) (deployment ${id}) deployment completed.`);
    assert.match(
      third ?? '',
      /^\(service web\) has started 2 tasks: \(task [0-9a-f]{32}\) \(task [0-9a-f]{32}\)\.$/,
    );
    assert.match(id, /^ecs-svc\/\d{19}$/);
    assert.equal(service.deployments[0].rolloutStateReason, `ECS deployment ${id} completed.`);
  });
});
