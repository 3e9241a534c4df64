import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { pullText, signInAndPullText } from '../../../src/image/pullText';

const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1';
const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

describe('the command that pulls an image, as text', () => {
  it('is that of the engine', () => {
    assert.equal(pullText('docker', IMAGE), `docker pull ${IMAGE}`);
    assert.equal(pullText('podman', IMAGE), `podman pull ${IMAGE}`);
    assert.equal(
      pullText('podman', '127.0.0.1:5000/web:v1'),
      'podman pull --tls-verify=false 127.0.0.1:5000/web:v1',
    );
  });

  it('may sign in before, with the password by standard input', () => {
    assert.equal(
      signInAndPullText('docker', IMAGE, { region: 'eu-west-1', profile: 'prod' }),
      [
        'aws ecr get-login-password --region eu-west-1 --profile prod | ' +
          `docker login --username AWS --password-stdin ${HOST}`,
        `docker pull ${IMAGE}`,
      ].join('\n'),
    );
    assert.match(
      signInAndPullText('finch', IMAGE, { region: 'eu-west-1', endpoint: 'http://127.0.0.1:4566' }),
      /^aws ecr get-login-password --region eu-west-1 --endpoint-url http:\/\/127\.0\.0\.1:4566 \| finch login /,
    );
  });

  it('is no other command to a shell, whatever a profile is called', () => {
    const profile = `a b'; echo "$(id)" \`id\` #`;
    const text = signInAndPullText('docker', IMAGE, { region: 'eu-west-1', profile });
    const [first = ''] = text.split(' | ');
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${first}`], { encoding: 'utf8' });
    assert.deepEqual(words.trimEnd().split('\n').slice(-2), ['--profile', profile]);
  });
});
