import assert from 'node:assert/strict';
import { SERVICE_SHAPES } from '../../../../src/sandbox/protocol/shapes';

describe('the generated shapes', () => {
  it('are of the three services, with all their operations', () => {
    const operations = (prefix: string): string[] => Object.keys(SERVICE_SHAPES[prefix]?.operations ?? {});
    assert.ok(operations('AmazonEC2ContainerServiceV20141113').includes('CreateService'));
    assert.ok(operations('AmazonEC2ContainerRegistry_V20150921').includes('UploadLayerPart'));
    assert.ok(operations('Logs_20140328').includes('FilterLogEvents'));
  });

  it('name the types of members and what is required of them', () => {
    const { structures } = SERVICE_SHAPES['Logs_20140328'] ?? {};
    assert.deepEqual(structures?.['PutLogEventsRequest']?.required, [
      'logGroupName',
      'logStreamName',
      'logEvents',
    ]);
    assert.deepEqual(structures['PutLogEventsRequest'].members['logEvents'], {
      list: { structure: 'InputLogEvent' },
    });
    assert.deepEqual(structures['InputLogEvent'], {
      members: { timestamp: 'number', message: 'string' },
      required: ['timestamp', 'message'],
    });
  });
});
