import assert from 'node:assert/strict';
import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { newTaskDefinition } from '../../src/taskdef/create/newTaskDefinition';
import { readDockerfile } from '../../src/taskdef/create/readDockerfile';
import { useSandbox } from '../support/sandboxClients';
import { DOCKERFILES } from '../unit/taskdef/create/dockerfiles';

describe('a definition that was made from a Dockerfile', () => {
  const sandbox = useSandbox();

  for (const [index, { what, text, target }] of DOCKERFILES.entries()) {
    it(`registers as it is: ${what}`, async () => {
      const family = `made-${index}`;
      const file = newTaskDefinition({
        family,
        image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1',
        region: 'eu-central-1',
        executionRoleArn: 'arn:aws:iam::000000000000:role/ecsTaskExecutionRole',
        facts: readDockerfile(text, target),
      });
      // As `aws ecs register-task-definition --cli-input-json` sends it: no tolerance for comments or extra members.
      const input = JSON.parse(file) as RegisterTaskDefinitionCommand['input'];
      await sandbox.ecs.send(new RegisterTaskDefinitionCommand(input));
      const { taskDefinition } = await sandbox.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: family }),
      );
      assert.equal(taskDefinition?.revision, 1);
      const [container] = taskDefinition.containerDefinitions ?? [];
      const [written] = input.containerDefinitions ?? [];
      assert.deepEqual(container?.healthCheck, written?.healthCheck);
      assert.equal(container?.portMappings?.length ?? 0, written?.portMappings?.length ?? 0);
    });
  }
});
