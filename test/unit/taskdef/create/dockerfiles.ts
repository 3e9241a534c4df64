import type { DockerfileFacts } from '../../../../src/taskdef/create/readDockerfile';

/** A Dockerfile, and what is read from it where that is not what an empty one says. */
export interface DockerfileCase {
  readonly what: string;
  readonly text: string;
  readonly target?: string;
  readonly reads: Partial<Omit<DockerfileFacts, 'ports'>> & { readonly ports?: string };
}

const check = (members: Partial<DockerfileFacts['healthCheck']>): DockerfileFacts['healthCheck'] => ({
  command: ['CMD', 'true'],
  interval: 30,
  timeout: 30,
  retries: 3,
  ...members,
});

export const DOCKERFILES: readonly DockerfileCase[] = [
  { what: 'the least', text: 'FROM scratch', reads: {} },
  {
    what: 'a port in each form',
    text: 'FROM a\nEXPOSE 80 443/tcp 53/udp 53/tcp 8000-8010\nexpose "9000/TCP" 80',
    reads: { ports: '53/udp 53/tcp 80/tcp 443/tcp 8000-8010/tcp 9000/tcp' },
  },
  {
    what: 'continued lines, comments and a here-document',
    text: 'FROM a\n# EXPOSE 1\nRUN <<END\nEXPOSE 2\nEND\nEXPOSE 80 \\\n# not this\n  81\n',
    reads: { ports: '80/tcp 81/tcp' },
  },
  {
    what: 'the byte order mark and line ends of Windows',
    text: '\uFEFFFROM a\r\nEXPOSE 80\r\nUSER app\r\n',
    reads: { ports: '80/tcp', user: 'app' },
  },
  {
    what: 'another escape character',
    text: '# escape=`\nFROM a\nEXPOSE 80 `\n  81',
    reads: { ports: '80/tcp 81/tcp' },
  },
  {
    what: 'ARG and ENV',
    text: 'ARG FIRST=80\nFROM a\nARG FIRST\nARG SECOND=81\nENV THIRD=82 SECOND=83\nEXPOSE $FIRST ${SECOND}/udp ${THIRD} ${NONE:-84} ${THIRD:+85}',
    reads: { ports: '80/tcp 82/tcp 83/udp 84/tcp 85/tcp' },
  },
  {
    what: 'a global ARG that the stage does not declare',
    text: 'ARG PORT=80\nFROM a\nEXPOSE $PORT 81',
    reads: { ports: '81/tcp', notes: ['EXPOSE $PORT: only the build knows its value.'] },
  },
  {
    what: 'what ECS has no mapping for',
    text: 'FROM a\nEXPOSE 80/sctp 1-200 70000 http 8000-8010 8005-8012 8003',
    reads: {
      ports: '8000-8010/tcp',
      notes: [
        'EXPOSE 80/sctp: ECS maps tcp and udp.',
        'EXPOSE 1-200: a task may have 100 ports in ranges.',
        'EXPOSE 70000: this is no port.',
        'EXPOSE http: this is no port.',
        'EXPOSE 8005-8012: shares ports with 8000-8010.',
      ],
    },
  },
  {
    what: 'many stages, of which the last counts, with what it is based on',
    text: 'FROM a AS base\nENV PORT=80\nARG PORT2=81\nEXPOSE $PORT $PORT2\nUSER one\nFROM b AS build\nEXPOSE 9\nUSER two\nFROM Base\nEXPOSE $PORT 82\n',
    reads: { ports: '80/tcp 81/tcp 82/tcp', user: 'one' },
  },
  {
    what: 'the stage that is asked for',
    text: 'FROM a AS one\nEXPOSE 1\nFROM b AS two\nEXPOSE 2',
    target: 'One',
    reads: { ports: '1/tcp' },
  },
  {
    what: 'the stage of a number',
    text: 'FROM a\nEXPOSE 1\nFROM b\nEXPOSE 2',
    target: '0',
    reads: { ports: '1/tcp' },
  },
  { what: 'a platform', text: 'FROM --platform=linux/arm64/v8 a', reads: { architecture: 'ARM64' } },
  {
    what: 'a platform of the stage below, by an argument',
    text: 'ARG P=linux/arm64\nFROM --platform=$P a AS base\nFROM --platform=$BUILDPLATFORM b\nFROM base',
    reads: { architecture: 'ARM64' },
  },
  { what: "the builder's platform", text: 'FROM --platform=$BUILDPLATFORM a', reads: {} },
  {
    what: 'a platform that ECS does not run',
    text: 'FROM --platform=linux/arm/v7 a',
    reads: { notes: ['Platform linux/arm/v7: ECS runs amd64 and arm64.'] },
  },
  {
    what: 'Windows by its base image',
    text: 'FROM mcr.microsoft.com/windows/servercore:ltsc2019\nUSER app',
    reads: { system: 'WINDOWS_SERVER_2019_CORE', user: 'app' },
  },
  {
    what: 'a user and group',
    text: 'FROM a\nARG ID=1000\nUSER root\nUSER $ID:$ID',
    reads: { user: '1000:1000' },
  },
  {
    what: 'a user that the build is told',
    text: 'FROM a\nARG WHO\nUSER $WHO',
    reads: { notes: ['USER $WHO: only the build knows its value.'] },
  },
  {
    what: 'a health check of a program',
    text: 'FROM a\nHEALTHCHECK --interval=1m30s --timeout=3s --start-period=1500ms --retries=5 CMD ["wget", "-q", "http://a/ b"]',
    reads: {
      healthCheck: check({
        command: ['CMD', 'wget', '-q', 'http://a/ b'],
        interval: 90,
        timeout: 3,
        startPeriod: 2,
        retries: 5,
      }),
    },
  },
  {
    what: 'a health check of the shell',
    text: 'FROM a\nENV PORT=80\nHEALTHCHECK \\\n  CMD curl -f "http://localhost:$PORT/" \\\n    || exit 1',
    reads: {
      healthCheck: check({ command: ['CMD-SHELL', 'curl -f "http://localhost:$PORT/" || exit 1'] }),
    },
  },
  {
    what: 'a health check beyond the limits',
    text: 'FROM a\nHEALTHCHECK --interval=1s --timeout=2m --start-period=1h --retries=20 CMD ["true"]',
    reads: {
      healthCheck: check({ interval: 5, timeout: 60, retries: 10, startPeriod: 300 }),
      notes: [
        'HEALTHCHECK interval 1: ECS takes 5 to 300, so it is 5.',
        'HEALTHCHECK timeout 120: ECS takes 2 to 60, so it is 60.',
        'HEALTHCHECK retries 20: ECS takes 1 to 10, so it is 10.',
        'HEALTHCHECK startPeriod 3600: ECS takes 0 to 300, so it is 300.',
      ],
    },
  },
  {
    what: 'a health check that is taken back',
    text: 'FROM a\nHEALTHCHECK CMD true\nHEALTHCHECK NONE',
    reads: {},
  },
];
