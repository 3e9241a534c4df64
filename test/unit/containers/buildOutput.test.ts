import assert from 'node:assert/strict';
import {
  isForeignArchitecture,
  parseBuildFailure,
  parseBuildProgress,
} from '../../../src/containers/buildOutput';

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

describe('the progress of a build', () => {
  it('is read from the steps of every builder', () => {
    const steps: [string, number, number, string][] = [
      // Captured: docker 28.2.2 with engine 20.10.24, classic builder.
      ['Step 3/7 : ENV A=1     B=2', 3, 7, 'ENV A=1     B=2'],
      // Captured: podman 4.3.1.
      ['STEP 2/3: COPY a.txt /a.txt', 2, 3, 'COPY a.txt /a.txt'],
      ['[2/2] STEP 1/4: FROM 045b4d13f44a', 1, 4, 'FROM 045b4d13f44a'],
      // Not captured, written after BuildKit's plain progress.
      ['#7 [2/3] COPY a.txt /a.txt', 2, 3, 'COPY a.txt /a.txt'],
      ['#9 [build 3/5] RUN make', 3, 5, 'RUN make'],
      ['#9 [linux/arm64 stage-1 3/5] RUN make', 3, 5, 'RUN make'],
    ];
    for (const [line, current, total, text] of steps) {
      assert.deepEqual(parseBuildProgress(line), { current, total, text });
    }
  });

  it('is not seen in other output', () => {
    for (const line of [
      ' ---> Using cache',
      '#5 DONE 0.1s',
      '#1 [internal] load build definition from Dockerfile',
      '[2/2] COMMIT cap:1',
      'Downloaded 3/5 : files',
    ]) {
      assert.equal(parseBuildProgress(line), undefined);
    }
  });
});

describe('the failure of a build by docker’s classic builder', () => {
  // Captured: docker 28.2.2 with engine 20.10.24.
  const deprecated = `DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            Install the buildx component to build images with BuildKit:
            https://docs.docker.com/go/buildx/`;

  it('is at the step that was under way', () => {
    const output = `${deprecated}
Sending build context to Docker daemon  11.44MB
Step 1/3 : FROM scratch
 --->
Step 2/3 : COPY a.txt /a.txt
 ---> Using cache
 ---> 7eb48c1eb989
Step 3/3 : COPY missing.txt /x
COPY failed: file not found in build context or excluded by .dockerignore: stat missing.txt: file does not exist`;
    assert.deepEqual(parseBuildFailure(lines(output)), {
      message:
        'COPY failed: file not found in build context or excluded by .dockerignore: stat missing.txt: file does not exist',
      step: { text: 'COPY missing.txt /x', number: 3 },
    });
  });

  it('is at the line that the parser names', () => {
    const output = `${deprecated}
Sending build context to Docker daemon  11.44MB
Error response from daemon: dockerfile parse error line 2: unknown instruction: COPPY`;
    assert.deepEqual(parseBuildFailure(lines(output)), {
      message: 'dockerfile parse error line 2: unknown instruction: COPPY',
      line: 2,
    });
  });

  it('says how the command has ended', () => {
    const output = `Step 4/4 : RUN ["/esbuild", "--nonsense-flag"]
 ---> Running in 710a64f316ba
✘ [ERROR] Invalid transform flag: "--nonsense-flag"
1 error
${deprecated}
The command '/esbuild --nonsense-flag' returned a non-zero code: 1`;
    assert.deepEqual(parseBuildFailure(lines(output)), {
      message: "The command '/esbuild --nonsense-flag' returned a non-zero code: 1",
      step: { text: 'RUN ["/esbuild", "--nonsense-flag"]', number: 4 },
    });
  });

  it('says why a base image cannot be had', () => {
    const output = `Step 1/2 : FROM no.such.invalid/image:1
${deprecated}
Get "https://no.such.invalid/v2/": dial tcp: lookup no.such.invalid on 10.255.255.53:53: no such host`;
    const failure = parseBuildFailure(lines(output));
    assert.match(failure.message, /^Get "https:\/\/no\.such\.invalid/);
    assert.deepEqual(failure.step, { text: 'FROM no.such.invalid/image:1', number: 1 });
  });

  it('names no line when no step had begun', () => {
    const output = `${deprecated}
unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat /w/Nope: no such file or directory`;
    const failure = parseBuildFailure(lines(output));
    assert.match(failure.message, /^unable to prepare context/);
    assert.equal(failure.step ?? failure.line, undefined);
  });
});

describe('the failure of a build by podman', () => {
  // Captured: podman 4.3.1, buildah 1.28.2.
  it('is at the step that was under way', () => {
    const output = `STEP 1/3: FROM scratch
STEP 2/3: COPY a.txt /a.txt
--> Using cache 710205d08fde8b35e8bb80a79ba5c852b6c3fd9f015fa7482dc07dd0782d6991
--> 710205d08fd
STEP 3/3: COPY missing.txt /x
Error: building at STEP "COPY missing.txt /x": checking on sources under "/w": copier: stat: "/missing.txt": no such file or directory`;
    assert.deepEqual(parseBuildFailure(lines(output)), {
      message:
        'building at STEP "COPY missing.txt /x": checking on sources under "/w": copier: stat: "/missing.txt": no such file or directory',
      step: { text: 'COPY missing.txt /x' },
    });
  });

  it('is told without buildah’s own data structures', () => {
    const output = `STEP 2/2: COPPY a.txt /a.txt
time="2026-11-21T08:32:29Z" level=error msg="+(UNHANDLED LOGLEVEL) &imagebuilder.Step{Env:[]string{\\"PATH=/bin\\"}, Command:\\"coppy\\"}"
Error: building at STEP "COPPY ": Build error: Unknown instruction: "COPPY" &imagebuilder.Step{Env:[]string{"PATH=/bin"}, Command:"coppy"}`;
    assert.deepEqual(parseBuildFailure(lines(output)), {
      message: 'building at STEP "COPPY ": Build error: Unknown instruction: "COPPY"',
      step: { text: 'COPPY a.txt /a.txt' },
    });
  });

  it('is at no instruction when it comes with the commit', () => {
    const output = `STEP 2/2: COPY a.txt /a.txt
COMMIT web:1
Error: committing container: no space left on device`;
    assert.deepEqual(parseBuildFailure(lines(output)), {
      message: 'committing container: no space left on device',
    });
  });
});

describe('the failure of a build by BuildKit', () => {
  // Not captured: written after what buildx 0.12 and newer print.
  it('is at the first line that is marked', () => {
    const output = `#5 [2/3] COPY a.txt /a.txt
#5 CACHED
#6 [3/3] RUN exit 3 &&     true
#6 ERROR: process "/bin/sh -c exit 3 &&     true" did not complete successfully: exit code: 3
------
 > [3/3] RUN exit 3 &&     true:
------
Dockerfile:4
--------------------
   3 |     # comment
   4 | >>> RUN exit 3 && \\
   5 | >>>     true
   6 |
--------------------
ERROR: failed to solve: process "/bin/sh -c exit 3 &&     true" did not complete successfully: exit code: 3`;
    assert.deepEqual(parseBuildFailure(lines(output)), {
      message:
        'failed to solve: process "/bin/sh -c exit 3 &&     true" did not complete successfully: exit code: 3',
      line: 4,
    });
  });

  it('is at the line that the parser names', () => {
    for (const said of [
      'ERROR: failed to solve: dockerfile parse error on line 2: unknown instruction: COPPY (did you mean COPY?)',
      'error: failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: unknown instruction: COPPY',
    ]) {
      assert.equal(parseBuildFailure([said]).line, 2);
    }
  });

  it('is at the step that older versions name', () => {
    const output = `#6 [build 3/3] RUN exit 3
#6 ERROR: executor failed running [/bin/sh -c exit 3]: exit code: 3
------
 > [build 3/3] RUN exit 3:
------
error: failed to solve: executor failed running [/bin/sh -c exit 3]: exit code: 3`;
    assert.deepEqual(parseBuildFailure(lines(output)).step, { text: 'RUN exit 3' });
  });
});

describe('a program for another processor', () => {
  it('is recognised in what engines say', () => {
    assert.ok(isForeignArchitecture(['exec /bin/sh: exec format error']));
    assert.ok(
      isForeignArchitecture(['standard_init_linux.go:228: exec user process caused: exec format error']),
    );
    assert.ok(!isForeignArchitecture(['exit code: 1']));
  });
});
