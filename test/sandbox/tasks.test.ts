import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/base/process';
import { poll } from '../../src/base/delay';
import { buildBusyboxImage, fitPodmanToMachine, type BusyboxImage } from '../support/busyboxImage';
import { describeWithEngine } from '../support/engine';
import { LOGGED, openTaskBench, type TaskBench } from '../support/taskBench';

const SECRET = 'it\'s "not"\na $REAL password';

for (const id of ['docker', 'podman'] as const) {
  describeWithEngine(
    `tasks on ${id}`,
    (engine) => {
      let image: BusyboxImage | undefined;
      let bench: TaskBench;
      let undo: (() => Promise<void>) | undefined;

      before(async function () {
        this.timeout(60_000);
        undo = id === 'podman' ? await fitPodmanToMachine() : undefined;
        image = await buildBusyboxImage(this, engine());
        bench = await openTaskBench({
          engine: engine(),
          secrets: (valueFrom) => (valueFrom === 'multiline' ? SECRET : undefined),
        });
      });
      after(async function () {
        this.timeout(60_000);
        await bench?.close();
        await image?.remove();
        await undo?.();
      });

      const shell = (script: string): { image: string; command: string[] } => ({
        image: image?.reference ?? '',
        command: ['sh', '-c', script],
      });
      /** Ends at once when it is asked to. */
      const WAIT = 'trap "exit 0" TERM; sleep 1000 & wait';
      const ask = async (...args: string[]): Promise<string> =>
        (await run({ file: engine().file, args })).stdout.trim();
      const containersOf = (taskId: string): Promise<string> =>
        ask(
          'ps',
          '--all',
          '--quiet',
          `--filter=label=aws-containers.task=arn:aws:ecs:eu-west-1:000000000000:task/default/${taskId}`,
        );

      it('goes through the statuses of ECS, and ends with the exit code of its essential container', async () => {
        const task = bench.run([
          { name: 'app', ...shell('echo to stdout; echo to stderr >&2; exit 7'), logConfiguration: LOGGED },
        ]);
        const stopped = await task.stopped();
        assert.deepEqual(
          [...new Set(task.updates.map(({ lastStatus }) => lastStatus))],
          [
            'PROVISIONING',
            'PENDING',
            'ACTIVATING',
            'RUNNING',
            'DEACTIVATING',
            'STOPPING',
            'DEPROVISIONING',
            'STOPPED',
          ],
        );
        assert.equal(stopped.stopCode, 'EssentialContainerExited');
        assert.equal(stopped.stoppedReason, 'Essential container in task exited');
        assert.equal(stopped.containers[0]?.exitCode, 7);
        assert.equal(stopped.containers[0]?.lastStatus, 'STOPPED');
        const { createdAt, pullStartedAt, pullStoppedAt, startedAt, stoppingAt, stoppedAt } = stopped.times;
        const times = [createdAt, pullStartedAt, pullStoppedAt, startedAt, stoppingAt, stoppedAt];
        assert.deepEqual(times, [...times].sort());
        assert.deepEqual(task.linesOf('app').sort(), ['to stderr', 'to stdout']);
        assert.equal(await containersOf(task.taskId), '');
      });

      it('hands over everything that a container prints before it ends at once, and nothing twice', async () => {
        const count = 20_000;
        const task = bench.run([
          {
            name: 'app',
            ...shell(
              `seq 1 ${count}; head -c 300000 /dev/zero | tr '\\0' x; printf '\\nlast, without an end'`,
            ),
            logConfiguration: LOGGED,
          },
        ]);
        await task.stopped();
        const lines = task.linesOf('app');
        assert.deepEqual(
          lines.slice(0, count),
          Array.from({ length: count }, (_, index) => String(index + 1)),
        );
        // One line, longer than an event can be.
        assert.deepEqual(
          lines.slice(count).map((line) => line.length),
          [262_118, 300_000 - 262_118, 'last, without an end'.length],
        );
      });

      it('gives a line to the log within a second of its being written', async () => {
        const task = bench.run([
          { name: 'app', ...shell(`echo one; sleep 2; date +%s%N; ${WAIT}`), logConfiguration: LOGGED },
        ]);
        await poll(async () => (task.linesOf('app').length > 1 ? true : undefined), {
          interval: 10,
          signal: AbortSignal.timeout(20_000),
        });
        const now = Date.now();
        const written = Number(task.linesOf('app')[1]?.slice(0, 10)) * 1000;
        assert.ok(now - written < 2_000, `written in the second of ${written}, there at ${now}`);
        await task.stop('UserInitiated', 'Task stopped by user');
      });

      it('keeps control sequences, and replaces what is not UTF-8', async () => {
        const task = bench.run([
          {
            name: 'app',
            ...shell(`printf '\\033[31mred\\033[0m\\tand\\r\\n'; printf 'a\\377b\\n'`),
            logConfiguration: LOGGED,
          },
        ]);
        await task.stopped();
        assert.deepEqual(task.linesOf('app'), ['\u001b[31mred\u001b[0m\tand\r', 'a\ufffdb']);
      });

      it('passes environment, overrides, working directory, user, entry point, labels and a secret that is none', async () => {
        const task = bench.run(
          [
            {
              name: 'app',
              image: image?.reference ?? '',
              entryPoint: ['sh', '-c', 'echo "$A|$B|$C|$(pwd)|$(id -u)|$1|$2"', 'entry'],
              command: ['never seen'],
              environment: [
                { name: 'A', value: 'it\'s $HOME; "x"' },
                { name: 'B', value: 'registered' },
              ],
              secrets: [{ name: 'C', valueFrom: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:c' }],
              workingDirectory: '/bin',
              user: '1234',
              dockerLabels: { 'com.example.label': 'with space' },
              logConfiguration: LOGGED,
            },
          ],
          {
            overrides: {
              containerOverrides: [
                { name: 'app', command: ['--x=1', 'a b'], environment: [{ name: 'B', value: 'overridden' }] },
              ],
            },
          },
        );
        await task.stopped();
        assert.deepEqual(task.linesOf('app'), [
          'it\'s $HOME; "x"|overridden|sandbox-placeholder-not-a-real-secret|/bin|1234|--x=1|a b',
        ]);
      });

      it('passes the value of a secret, as it is', async () => {
        const task = bench.run([
          {
            name: 'app',
            ...shell('echo "$PASSWORD|$DOCKER_HOST"'),
            secrets: [
              { name: 'PASSWORD', valueFrom: 'multiline' },
              // The value would be the client's own setting.
              { name: 'DOCKER_HOST', valueFrom: 'multiline' },
            ],
            logConfiguration: LOGGED,
          },
        ]);
        await task.stopped();
        assert.equal(task.linesOf('app').join('\n'), `${SECRET}|sandbox-placeholder-not-a-real-secret`);
      });

      it('says that a container was killed for memory', async () => {
        const task = bench.run([
          {
            name: 'app',
            ...shell('x=aaaaaaaaaaaaaaaa; while true; do x=$x$x; done'),
            memory: 12,
            logConfiguration: LOGGED,
          },
        ]);
        const { containers } = await task.stopped();
        assert.equal(containers[0]?.exitCode, 137);
        assert.equal(containers[0]?.reason, 'OutOfMemoryError: Container killed due to memory usage');
      });

      it('says why a container cannot be started', async () => {
        const task = bench.run([
          { name: 'app', image: image?.reference ?? '', entryPoint: ['/no/such'], logConfiguration: LOGGED },
        ]);
        const { stopCode, stoppedReason, containers } = await task.stopped();
        assert.equal(stopCode, 'TaskFailedToStart');
        assert.equal(stoppedReason, 'Task failed to start');
        assert.match(containers[0]?.reason ?? '', /^CannotStartContainerError: .*\/no\/such.*no such file/);
        assert.equal(containers[0]?.exitCode, undefined);
        assert.deepEqual(task.linesOf('app'), [], 'the engine’s complaint is not the container’s output');
      });

      it('fails a task whose image is nowhere', async () => {
        const missing = '127.0.0.1:1/no/such:v1';
        const task = bench.run([{ name: 'app', image: missing }]);
        const { stopCode, stoppedReason, containers } = await task.stopped();
        assert.equal(stopCode, 'TaskFailedToStart');
        assert.equal(
          stoppedReason,
          `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${missing}: ${missing}: not found`,
        );
        assert.equal(containers[0]?.reason, stoppedReason);
      });

      it('fails a task whose log group does not exist, and creates the group where the options say so', async () => {
        const options = { ...LOGGED.options, 'awslogs-group': `/ecs/missing-${id}` };
        const task = bench.run([
          { name: 'app', ...shell('echo hi'), logConfiguration: { logDriver: 'awslogs', options } },
        ]);
        const { stoppedReason } = await task.stopped();
        assert.match(
          stoppedReason ?? '',
          /^ResourceInitializationError: failed to validate logger args: .*The specified log group does not exist\./,
        );
        const created = bench.run([
          {
            name: 'app',
            ...shell('echo hi'),
            logConfiguration: {
              logDriver: 'awslogs',
              options: { ...options, 'awslogs-create-group': 'true' },
            },
          },
        ]);
        await created.stopped();
        assert.ok(bench.groups.has(`/ecs/missing-${id}`));
        assert.deepEqual(created.linesOf('app'), ['hi']);
      });

      it('lets the containers of an awsvpc task reach each other on localhost, and the host reach their ports', async () => {
        const task = bench.run(
          [
            {
              name: 'web',
              ...shell('mkdir /w; echo hello > /w/index.html; httpd -f -p 18099 -h /w'),
              portMappings: [{ containerPort: 18099 }],
              stopTimeout: 2,
            },
            {
              name: 'client',
              ...shell(`until wget -q -O - http://localhost:18099/; do sleep 0.2; done; ${WAIT}`),
              logConfiguration: LOGGED,
            },
          ],
          { networkMode: 'awsvpc', cpu: '256', memory: '64' },
        );
        await poll(async () => (task.linesOf('client').includes('hello') ? true : undefined), {
          interval: 20,
          signal: AbortSignal.timeout(30_000),
        }).catch(() => assert.fail(JSON.stringify([task.state, task.linesOf('client')])));
        const [binding] = task.container('web').networkBindings;
        assert.equal(binding?.bindIP, '127.0.0.1');
        assert.equal(binding?.containerPort, 18099);
        const answer = await fetch(`http://127.0.0.1:${binding?.hostPort}/`);
        assert.equal(await answer.text(), 'hello\n');
        assert.ok(task.state.times.connectivityAt);
        await task.stop('UserInitiated', 'Task stopped by user');
      });

      it('publishes the port number of the task definition where it is free, and another where it is not', async () => {
        const web = {
          name: 'web',
          ...shell(WAIT),
          portMappings: [{ containerPort: 18098 }],
        };
        const tasks = [
          bench.run([web], { networkMode: 'awsvpc' }),
          bench.run([web], { networkMode: 'awsvpc' }),
        ];
        for (const task of tasks) {
          await task.until(({ lastStatus }) => lastStatus === 'RUNNING');
        }
        const ports = tasks.map((task) => task.container('web').networkBindings[0]?.hostPort);
        assert.equal(ports.filter((port) => port === 18098).length, 1, JSON.stringify(ports));
        assert.equal(new Set(ports).size, 2);
        await Promise.all(tasks.map((task) => task.stop('UserInitiated', 'Task stopped by user')));
      });

      it('links containers by name in bridge mode, and publishes on a free port', async () => {
        const task = bench.run([
          {
            name: 'client',
            ...shell('until wget -q -O - http://backend:8080/; do sleep 0.2; done'),
            links: ['web:backend'],
            logConfiguration: LOGGED,
          },
          {
            name: 'web',
            ...shell('mkdir /w; echo linked > /w/index.html; httpd -f -p 8080 -h /w'),
            portMappings: [{ containerPort: 8080, hostPort: 0 }],
            essential: false,
            stopTimeout: 2,
          },
        ]);
        await task.until(({ containers }) => containers[1]?.lastStatus === 'RUNNING');
        const hostPort = task.container('web').networkBindings[0]?.hostPort ?? 0;
        assert.ok(hostPort > 0 && hostPort !== 8080);
        await task.stopped();
        assert.equal(task.linesOf('client').at(-1), 'linked');
      });

      it('starts containers in the order of dependsOn, and waits for health', async () => {
        const task = bench.run(
          [
            {
              name: 'app',
              ...shell('cat /shared/healthy'),
              dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }],
              mountPoints: [{ sourceVolume: 'shared', containerPath: '/shared', readOnly: true }],
              logConfiguration: LOGGED,
            },
            {
              name: 'db',
              ...shell(`cat /shared/init; sleep 1; echo yes > /shared/healthy; ${WAIT}`),
              dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }],
              healthCheck: { command: ['CMD-SHELL', 'test -e /shared/healthy'], interval: 0.2, retries: 10 },
              mountPoints: [{ sourceVolume: 'shared', containerPath: '/shared' }],
              logConfiguration: LOGGED,
            },
            {
              name: 'init',
              ...shell('echo done > /shared/init'),
              essential: false,
              mountPoints: [{ sourceVolume: 'shared', containerPath: '/shared' }],
            },
          ],
          { volumes: [{ name: 'shared' }] },
        );
        const stopped = await task.stopped();
        assert.deepEqual(task.linesOf('db'), ['done']);
        assert.deepEqual(task.linesOf('app'), ['yes'], JSON.stringify(stopped));
        assert.equal(stopped.containers[1]?.healthStatus, 'HEALTHY');
        assert.equal(await ask('volume', 'ls', '--quiet', `--filter=name=${task.taskId}`), '');
      });

      it('gives up on a container whose dependency failed', async () => {
        const task = bench.run([
          {
            name: 'app',
            ...shell('echo never'),
            dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }],
          },
          { name: 'init', ...shell('exit 3'), essential: false },
        ]);
        const { stopCode, containers } = await task.stopped();
        assert.equal(stopCode, 'TaskFailedToStart');
        assert.match(containers[0]?.reason ?? '', /did not exit successfully/);
        assert.equal(containers[0]?.exitCode, 143);
        assert.equal(containers[1]?.exitCode, 3);
      });

      it('gives up on a dependency that takes longer than its startTimeout', async () => {
        const task = bench.run([
          {
            name: 'app',
            ...shell('echo never'),
            dependsOn: [{ containerName: 'slow', condition: 'COMPLETE' }],
          },
          { name: 'slow', ...shell(WAIT), essential: false, startTimeout: 1 },
        ]);
        const { containers } = await task.stopped();
        assert.match(containers[0]?.reason ?? '', /has timed out/);
      });

      it('reports health as it changes', async () => {
        const task = bench.run([
          {
            name: 'app',
            ...shell(`touch /ok; ${WAIT}`),
            healthCheck: { command: ['CMD', 'busybox', 'test', '-e', '/ok'], interval: 0.3, retries: 2 },
          },
        ]);
        await task.until(({ healthStatus }) => healthStatus === 'HEALTHY');
        await ask('exec', task.container('app').runtimeId ?? '', 'busybox', 'rm', '/ok');
        await task.until(({ healthStatus }) => healthStatus === 'UNHEALTHY');
        assert.equal(task.state.desiredStatus, 'RUNNING', 'to stop it is the service’s business');
        await task.stop('ServiceSchedulerInitiated', 'Task failed container health checks');
        assert.equal(task.state.stoppedReason, 'Task failed container health checks');
      });

      it('asks a container to end, and forces it after its stopTimeout', async () => {
        const task = bench.run([
          {
            name: 'polite',
            ...shell('trap "echo asked; exit 5" TERM; sleep 1000 & wait'),
            logConfiguration: LOGGED,
          },
          { name: 'stubborn', ...shell('trap "" TERM; sleep 1000'), stopTimeout: 2 },
        ]);
        await task.until(({ lastStatus }) => lastStatus === 'RUNNING');
        const before = Date.now();
        await task.stop('UserInitiated', 'Task stopped by user');
        assert.ok(Date.now() - before >= 2_000);
        assert.equal(task.state.stopCode, 'UserInitiated');
        assert.equal(task.state.stoppedReason, 'Task stopped by user');
        assert.equal(task.container('polite').exitCode, 5);
        assert.equal(task.container('stubborn').exitCode, 137);
        assert.equal(task.container('stubborn').reason, undefined, 'killed by us, not for memory');
        assert.deepEqual(task.linesOf('polite'), ['asked']);
        assert.equal(await containersOf(task.taskId), '');
      });

      it('stops containers after those that depend on them', async () => {
        const task = bench.run([
          { name: 'db', ...shell('trap "exit 0" TERM; sleep 1000 & wait') },
          {
            name: 'app',
            ...shell('trap "sleep 1; exit 0" TERM; sleep 1000 & wait'),
            dependsOn: [{ containerName: 'db', condition: 'START' }],
          },
        ]);
        await task.until(({ lastStatus }) => lastStatus === 'RUNNING');
        await task.stop('UserInitiated', 'Task stopped by user');
        const first = task.updates.find(({ containers }) =>
          containers.some(({ lastStatus }) => lastStatus === 'STOPPED'),
        );
        assert.deepEqual(
          first?.containers.filter(({ lastStatus }) => lastStatus === 'STOPPED').map(({ name }) => name),
          ['app'],
        );
      });

      it('stops a task that has not started yet', async () => {
        const task = bench.run([{ name: 'app', ...shell(WAIT) }], { networkMode: 'awsvpc' });
        await task.stop('UserInitiated', 'changed my mind');
        assert.equal(task.state.lastStatus, 'STOPPED');
        assert.equal(task.state.stoppedReason, 'changed my mind');
        assert.equal(await containersOf(task.taskId), '');
      });

      it('restarts a container by its restart policy', async () => {
        const task = bench.run([
          {
            name: 'app',
            ...shell('echo run; if test -e /again; then exit 9; fi; touch /again; sleep 1.2; exit 1'),
            restartPolicy: { enabled: true, restartAttemptPeriod: 1, ignoredExitCodes: [9] },
            logConfiguration: LOGGED,
          },
        ]);
        const { containers } = await task.stopped();
        assert.deepEqual(task.linesOf('app'), ['run', 'run']);
        assert.equal(containers[0]?.exitCode, 9);
      });

      it('keeps standard input open for an interactive container', async () => {
        const task = bench.run([
          {
            name: 'app',
            ...shell('read x; echo ended'),
            interactive: true,
            stopTimeout: 1,
            logConfiguration: LOGGED,
          },
          { name: 'clock', ...shell('sleep 2'), essential: true },
        ]);
        await task.stopped();
        assert.deepEqual(task.linesOf('app'), []);
      });

      it('limits memory, cpu and files as the task definition says', async () => {
        const task = bench.run(
          [
            {
              name: 'app',
              ...shell(`ulimit -n; ${WAIT}`),
              cpu: 128,
              memoryReservation: 16,
              ulimits: [
                { name: 'nofile', softLimit: 512, hardLimit: 600 },
                { name: 'nproc', softLimit: 500, hardLimit: 600 },
              ],
              readonlyRootFilesystem: true,
              linuxParameters: { tmpfs: [{ containerPath: '/t', size: 1 }], capabilities: { drop: ['ALL'] } },
              logConfiguration: LOGGED,
            },
          ],
          { cpu: '256', memory: '64' },
        );
        await task.until(({ lastStatus }) => lastStatus === 'RUNNING');
        const [inspected] = JSON.parse(await ask('inspect', task.container('app').runtimeId ?? '')) as {
          HostConfig: Record<string, number | boolean>;
        }[];
        const { Memory, MemoryReservation, CpuShares, ReadonlyRootfs } = inspected?.HostConfig ?? {};
        assert.deepEqual(
          { Memory, MemoryReservation, CpuShares, ReadonlyRootfs },
          { Memory: 64 * 2 ** 20, MemoryReservation: 16 * 2 ** 20, CpuShares: 128, ReadonlyRootfs: true },
        );
        await poll(async () => task.linesOf('app')[0], { interval: 20, signal: AbortSignal.timeout(5000) });
        assert.deepEqual(task.linesOf('app'), ['512']);
        await task.stop('UserInitiated', 'Task stopped by user');
      });

      it('ends a task whose container was removed behind its back', async () => {
        const task = bench.run([{ name: 'app', ...shell(WAIT) }]);
        await task.until(({ lastStatus }) => lastStatus === 'RUNNING');
        await ask('rm', '--force', task.container('app').runtimeId ?? '');
        const { stopCode, containers } = await task.stopped();
        assert.equal(stopCode, 'EssentialContainerExited');
        assert.equal(containers[0]?.lastStatus, 'STOPPED');
      });

      it('ends a task whose engine does not answer any more, and says so', async function () {
        this.timeout(60_000);
        const folder = await mkdtemp(join(tmpdir(), 'dying-engine-'));
        const dead = join(folder, 'dead');
        const file = join(folder, 'engine');
        await writeFile(
          file,
          `#!/bin/sh\nif test -e ${dead}; then echo 'Cannot connect to the engine.' >&2; exit 1; fi\nexec ${engine().file} "$@"\n`,
          { mode: 0o755 },
        );
        const own = await openTaskBench({ engine: { ...engine(), file } });
        const task = own.run([{ name: 'app', ...shell(WAIT) }]);
        await task.until(({ lastStatus }) => lastStatus === 'RUNNING');
        await writeFile(dead, '');
        await ask('rm', '--force', task.container('app').runtimeId ?? '');
        const { stopCode, containers } = await task.stopped();
        assert.equal(stopCode, 'EssentialContainerExited');
        assert.equal(containers[0]?.reason, 'CannotInspectContainerError: Cannot connect to the engine.');
        await own.close();
        await rm(folder, { recursive: true });
      });

      it('sweeps what a killed process left, and only that', async function () {
        this.timeout(60_000);
        const other = bench.run([{ name: 'other', ...shell(WAIT) }]);
        const first = await openTaskBench({ engine: engine() });
        const task = first.run(
          [
            {
              name: 'app',
              ...shell(WAIT),
              mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }],
            },
          ],
          { networkMode: 'awsvpc', volumes: [{ name: 'data' }] },
        );
        await task.until(({ lastStatus }) => lastStatus === 'RUNNING');
        await other.until(({ lastStatus }) => lastStatus === 'RUNNING');
        assert.equal((await containersOf(task.taskId)).split('\n').length, 2);
        const second = await openTaskBench({ engine: engine(), dataDir: first.dataDir });
        await second.runtime.sweep();
        assert.equal(await containersOf(task.taskId), '');
        assert.equal(await ask('volume', 'ls', '--quiet', `--filter=name=${task.taskId}`), '');
        assert.notEqual(await containersOf(other.taskId), '');
        await first.close();
        await other.stop('UserInitiated', 'Task stopped by user');
      });

      it('closes quickly, and leaves nothing', async function () {
        this.timeout(120_000);
        const own = await openTaskBench({ engine: engine() });
        const stubborn = { name: 'app', ...shell('trap "" TERM; sleep 1000') };
        const tasks = Array.from({ length: 4 }, () => own.run([stubborn], { networkMode: 'awsvpc' }));
        await Promise.all(tasks.map((task) => task.until(({ lastStatus }) => lastStatus === 'RUNNING')));
        const before = Date.now();
        await own.close();
        assert.ok(Date.now() - before < 12_000, `took ${Date.now() - before} ms`);
        for (const task of tasks) {
          assert.equal(task.state.lastStatus, 'STOPPED');
          assert.equal(await containersOf(task.taskId), '');
        }
      });
    },
    id,
  );
}
