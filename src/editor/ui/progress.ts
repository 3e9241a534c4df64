import * as vscode from 'vscode';

export type ProgressReport = (message: string) => void;

/**
 * Runs long work under a notification that can be cancelled.
 * @param cancellable what the button does is up to the work, which sees its signal aborted
 */
export async function withProgress<T>(
  title: string,
  work: (report: ProgressReport, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() => controller.abort());
    try {
      return await work((message) => progress.report({ message }), controller.signal);
    } finally {
      subscription.dispose();
    }
  });
}
