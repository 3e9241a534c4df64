import assert from 'node:assert/strict';
import { pullError } from '../../../src/image/pullImage';

const ENGINE = {
  id: 'docker',
  file: 'docker',
  clientVersion: '',
  serverVersion: '',
  buildx: false,
  remote: false,
  platform: 'linux/amd64',
} as const;

describe('the error of a pull', () => {
  it('says what to do next, and names the image', () => {
    const uri = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1';
    const cases = [
      [`Error response from daemon: manifest for ${uri} not found: manifest unknown: x`, 'notFound'],
      ['no matching manifest for linux/amd64 in the manifest list entries', 'notFound'],
      ['name unknown: The repository with name x does not exist', 'notFound'],
      ['denied: Your authorization token has expired', 'signInRefused'],
      ['denied: x is not authorized to perform: ecr:BatchGetImage', 'accessDenied'],
      ['toomanyrequests: Rate exceeded', 'throttled'],
      ['Cannot connect to the Docker daemon at unix:///x.', 'engineNotRunning'],
      ['dial tcp: connection refused', 'endpointUnreachable'],
      ['no space left on device', 'pullFailed'],
      ['what is this', 'pullFailed'],
    ] as const;
    for (const [said, reason] of cases) {
      const { reason: found, message } = pullError(ENGINE, uri, said);
      assert.equal(found, reason, said);
      assert.match(message, /team\/web:v1|system prune|Start it/, said);
    }
  });
});
