import * as vscode from 'vscode';
import { trustOf } from '../../aws/certificates';
import type { AwsContext } from '../../aws/context';
import { resolveEndpoint } from '../../aws/endpoint';
import { loadProfiles } from '../../aws/profiles';
import { signInOf, type SsoSettings } from '../../aws/signIn';
import { UserError } from '../../base/errors';
import { nameOf } from '../contexts/contextStore';
import type { WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { withProgress, type ProgressReport } from '../ui/progress';
import { contextOfNode, readArguments } from './commandArguments';
import { readContext } from './readContext';

/**
 * "Sign In...": with the user's browser for IAM Identity Center, by a code for a role that wants one. Called on a row,
 * or from the palette for the context that needs it; accepts `{context}`. Resolves to `{profile}`.
 */
export async function signIn(services: Services, argument?: unknown): Promise<{ profile: string }> {
  const context = await readSignInContext(services, argument);
  const profile = nameOf(context.source);
  const { sso, mfaSerial, login } = signInOf(context, await loadProfiles());
  if (login !== undefined) {
    throw new UserError(
      'credentialsMissing',
      vscode.l10n.t(
        'The AWS CLI signs in to this profile. In a terminal, run: aws login --profile {0}',
        login.profile,
      ),
    );
  }
  if (!sso && mfaSerial === undefined) {
    throw new UserError(
      'credentialsMissing',
      vscode.l10n.t(
        'There is nothing to sign in to: the profile has neither IAM Identity Center nor an MFA device. Check it in the AWS config file: {0}',
        profile,
      ),
      { action: 'openAwsConfig' },
    );
  }
  if (sso) {
    await signInWithBrowser(context, sso);
  }
  const session = services.sessions.get(context);
  session.credentials.renew();
  await session.credentials.provide();
  // Whoever waits for the same sign-in goes on too.
  await services.sessions.resume();
  return { profile };
}

/** "Sign Out": removes the sign-in that the AWS CLI and the SDKs share. Accepts `{context}`. */
export async function signOut(services: Services, argument?: unknown): Promise<{ profile: string }> {
  const context = await readContext(services, argument);
  const { sso } = signInOf(context, await loadProfiles());
  const profile = nameOf(context.source);
  if (!sso) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t('Nobody signs in to this profile with IAM Identity Center: {0}', profile),
    );
  }
  const { removeSsoToken } = await import('../../aws/ssoToken');
  await removeSsoToken(sso);
  services.sessions.renew(() => true);
  await services.trees.refresh();
  return { profile };
}

/** Without a context that is named, the only one that needs it is meant. */
async function readSignInContext(services: Services, argument: unknown): Promise<AwsContext> {
  const waiting = services.contexts.all().filter((context) => services.sessions.needsSignIn(context));
  const named =
    contextOfNode(argument) !== undefined || readArguments<WithContext>(argument).context !== undefined;
  const [only] = waiting;
  return !named && only && waiting.length === 1 ? only : readContext(services, argument);
}

async function signInWithBrowser(context: AwsContext, sso: SsoSettings): Promise<void> {
  const title = vscode.l10n.t('Signing in to {0}', sso.session ?? sso.startUrl);
  await withProgress(title, async (report, signal) => {
    const { signInToSso } = await import('../../aws/ssoSignIn');
    const endpoint = await resolveEndpoint(context, 'SSO_OIDC');
    const events = signInToSso(sso, {
      signal,
      trust: await trustOf(context),
      ...(endpoint === undefined ? {} : { endpoint }),
      // The browser is not on the machine that this runs on, and cannot come back to it.
      remoteBrowser: vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web,
    });
    for await (const event of events) {
      if (event.kind === 'openBrowser') {
        await openBrowser(event.url, event.userCode, report);
      }
    }
  });
}

async function openBrowser(url: string, userCode: string | undefined, report: ProgressReport): Promise<void> {
  report(
    userCode === undefined
      ? vscode.l10n.t('Go on in the browser.')
      : vscode.l10n.t('Confirm the code {0} in the browser.', userCode),
  );
  if (!(await vscode.env.openExternal(vscode.Uri.parse(url, true)))) {
    throw new UserError('cancelled', 'Cancelled.');
  }
}
