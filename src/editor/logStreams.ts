import * as vscode from 'vscode';
import { contextKey, type AwsContext } from '../aws/context';
import type { AwsSession } from '../aws/session';
import { resourceName } from '../aws/arn';
import { isCancellation, messageOf } from '../base/errors';
import type { LogTarget } from '../logs/logTarget';

interface LogStream {
  readonly name: string;
  readonly context: AwsContext;
  readonly channel: vscode.OutputChannel;
  /** Set while it follows. */
  stop: AbortController | undefined;
}

/** The log streams of this window: one output channel a target, at most one follow in each. */
export class LogStreams implements vscode.Disposable {
  private readonly streams = new Map<string, LogStream>();

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /**
   * Shows the channel of a target and follows it, or goes on following where it already does.
   * @param since epoch milliseconds; left out for the recent past of what is followed
   * @returns the channel's name
   */
  start(session: AwsSession, target: LogTarget, since: number | undefined): string {
    const key = contextKey(session.context) + JSON.stringify(target);
    let stream = this.streams.get(key);
    if (!stream) {
      const name = this.freeName(nameOf(target));
      stream = {
        name,
        context: session.context,
        channel: vscode.window.createOutputChannel(name, 'log'),
        stop: undefined,
      };
      this.streams.set(key, stream);
    }
    stream.channel.show(true);
    if (!stream.stop) {
      stream.channel.clear();
      stream.stop = new AbortController();
      void this.follow(stream, session, target, since, stream.stop.signal);
    }
    return stream.name;
  }

  /** Names of the channels that are following now. */
  following(): string[] {
    return [...this.streams.values()].filter(({ stop }) => stop).map(({ name }) => name);
  }

  /** Ends a stream; its channel and lines stay. */
  stop(name: string): void {
    for (const stream of this.streams.values()) {
      if (stream.name === name) {
        stream.stop?.abort();
      }
    }
  }

  /** Ends the streams of a context that was closed; what they wrote stays to be read. */
  stopContext(context: AwsContext): void {
    const key = contextKey(context);
    for (const stream of this.streams.values()) {
      if (contextKey(stream.context) === key) {
        stream.stop?.abort();
      }
    }
  }

  dispose(): void {
    for (const { stop, channel } of this.streams.values()) {
      stop?.abort();
      channel.dispose();
    }
    this.streams.clear();
  }

  private async follow(
    stream: LogStream,
    session: AwsSession,
    target: LogTarget,
    since: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { channel } = stream;
    const say = (text: string): void => channel.appendLine(`── ${text}`);
    say(`${session.context.label} · ${session.context.region} · ${stream.name}`);
    try {
      const [{ followLogs }, { LineFormatter }] = await Promise.all([
        import('../logs/followLogs'),
        import('../logs/lineFormatter'),
      ]);
      const formatter = new LineFormatter();
      for await (const event of followLogs(session, target, since === undefined ? {} : { since }, signal)) {
        if (event.kind === 'lines') {
          channel.append(formatter.format(event.lines));
        } else {
          say(event.text);
        }
      }
    } catch (error) {
      if (!isCancellation(error)) {
        this.log.error(`${stream.name}: ${messageOf(error)}`);
        say(messageOf(error));
      }
    } finally {
      stream.stop = undefined;
      if (signal.aborted) {
        say(vscode.l10n.t('Stopped.'));
      }
    }
  }

  private freeName(wanted: string): string {
    const taken = new Set([...this.streams.values()].map(({ name }) => name));
    let name = wanted;
    for (let number = 2; taken.has(name); number++) {
      name = `${wanted} (${number})`;
    }
    return name;
  }
}

function nameOf(target: LogTarget): string {
  const parts = [target.service, target.task && resourceName(target.task).slice(0, 8), target.container];
  const what = parts.filter((part) => part !== undefined).map((part) => resourceName(part));
  return vscode.l10n.t('Logs: {0}', `${resourceName(target.cluster)}/${what.join('/')}`);
}
