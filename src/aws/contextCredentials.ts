import type { AwsCredentialIdentity } from '@smithy/types';
import type { Disposable } from '../base/disposal';
import { isCancellation, UserError } from '../base/errors';
import { tellable } from './awsError';
import type { AwsContext } from './context';
import { resolveCredentials } from './credentials';
import { loadProfiles } from './profiles';
import { signInOf } from './signIn';
import { hasEnded, readSsoToken } from './ssoToken';

/** Asks a person for the code that the device of this serial shows. @throws UserError('cancelled') when dismissed */
export type AskForMfaCode = (context: AwsContext, serial: string) => Promise<string>;

/** The SDK takes credentials that end within five minutes for ended, and asks for others. */
const RENEWAL_MILLISECONDS = 5 * 60_000;

/**
 * The credentials of one profile, which all gateways of its contexts share: whatever number of calls need them at a
 * time, they are resolved once, and a person is asked for a code once. It knows whether somebody must sign in first.
 */
export class ContextCredentials {
  private resolving: Promise<AwsCredentialIdentity> | undefined;
  /** Holds calls back once a code was dismissed, refused or has run out: only a person's own doing asks again. */
  private refusal: UserError | undefined;
  private withCode = false;
  private renewals = 0;
  private signedOut = false;
  private readonly listeners = new Set<() => void>();

  /**
   * @param context one of the contexts that these are the credentials of; roles are assumed in its region
   * @param askForCode without it, roles that want a code of an MFA device are refused
   */
  constructor(
    readonly context: AwsContext,
    private readonly askForCode?: AskForMfaCode,
  ) {}

  /** The user may call the context otherwise by now; the profile's name stays. */
  private get name(): string {
    const { source, label } = this.context;
    return source.kind === 'profile' ? source.profile : label;
  }

  /** Counts how often credentials were let go of: a client of an earlier count is to be built anew. */
  get generation(): number {
    return this.renewals;
  }

  /** True when the last attempt to get credentials said that somebody has to sign in. */
  get needsSignIn(): boolean {
    return this.signedOut;
  }

  /** True when what is missing is a code, which only a person's own doing asks for again. */
  get wantsCode(): boolean {
    return this.refusal !== undefined;
  }

  /** Tells of each change of `needsSignIn`. */
  onDidChange(listener: () => void): Disposable {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  /** The credentials, as the SDK's clients ask for them. @throws UserError, or what the SDK throws */
  readonly provide = async (): Promise<AwsCredentialIdentity> => {
    const held = this.resolving;
    if (held && this.isSpent(await held) && this.resolving === held) {
      this.resolving = undefined;
    }
    if (this.refusal) {
      throw this.refusal;
    }
    this.resolving ??= this.start();
    return this.resolving;
  };

  /**
   * Lets go of credentials that a service did not accept, so that the next call takes what the files then have.
   * @param generation that of the client that was refused: others may have let go of them already
   */
  forget(generation: number): void {
    if (generation === this.renewals) {
      this.renewals++;
      this.resolving = undefined;
    }
  }

  /** Begins anew, asking again for what was refused: after a sign-in, or when the files have changed. */
  renew(): void {
    this.refusal = undefined;
    this.forget(this.renewals);
  }

  private start(): Promise<AwsCredentialIdentity> {
    const resolving = this.resolve();
    // A failure is not remembered: the next call tries again with what the files then say.
    resolving.catch(() => {
      if (this.resolving === resolving) {
        this.resolving = undefined;
      }
    });
    return resolving;
  }

  private async resolve(): Promise<AwsCredentialIdentity> {
    const { askForCode } = this;
    let asked = false;
    try {
      const provider = await resolveCredentials(
        this.context,
        askForCode &&
          ((serial) => {
            asked = true;
            return askForCode(this.context, serial);
          }),
      );
      const identity = await provider();
      this.withCode = asked;
      this.setSignedOut(false);
      return identity;
    } catch (error) {
      const known = asked ? this.codeRefused(error) : await this.signInRefused(error);
      if (asked) {
        this.refusal = known;
      }
      this.setSignedOut(known !== undefined);
      throw known ?? error;
    }
  }

  /** A session that began with a code lasts to its end, and is not begun anew behind a person's back. */
  private isSpent({ expiration }: AwsCredentialIdentity): boolean {
    const left = expiration === undefined ? Infinity : expiration.getTime() - Date.now();
    if (!this.withCode) {
      return left < RENEWAL_MILLISECONDS;
    }
    if (left > 0) {
      return false;
    }
    this.refusal = new UserError(
      'credentialsExpired',
      `Sign in to use ${this.name}: the session has ended.`,
      { action: 'signIn' },
    );
    this.setSignedOut(true);
    return true;
  }

  private codeRefused(error: unknown): UserError {
    if (isCancellation(error)) {
      return new UserError(
        'credentialsMissing',
        `Sign in to use ${this.name}: its role wants a code from an MFA device.`,
        { action: 'signIn' },
      );
    }
    const { text, ...cause } = tellable(error);
    return new UserError(
      'credentialsMissing',
      `Could not sign in to ${this.name}. Wait for the device's next code, then sign in again. ${text}`,
      { action: 'signIn', ...cause },
    );
  }

  /** What to say when nobody is signed in; `undefined` when that is not what is wrong. */
  private async signInRefused(error: unknown): Promise<UserError | undefined> {
    const { sso, login } = signInOf(this.context, await loadProfiles());
    const { text, ...cause } = tellable(error);
    const place = this.name;
    if (sso) {
      const token = await readSsoToken(sso);
      // The portal says "UnauthorizedException" of a token that has been revoked.
      return hasEnded(token) || text.includes('UnauthorizedException')
        ? new UserError(
            token ? 'credentialsExpired' : 'credentialsMissing',
            `Sign in to use ${place}: ${token ? 'the sign-in has ended' : 'nobody is signed in'} (${sso.session ?? sso.startUrl}).`,
            { action: 'signIn', ...cause },
          )
        : undefined;
    }
    return login !== undefined && /re-?authenticate|load token/i.test(text)
      ? new UserError(
          'credentialsExpired',
          `Sign in to use ${place}: run "aws login --profile ${login.profile}" in a terminal.`,
          { action: 'signIn', ...cause },
        )
      : undefined;
  }

  private setSignedOut(signedOut: boolean): void {
    if (signedOut !== this.signedOut) {
      this.signedOut = signedOut;
      this.listeners.forEach((listener) => listener());
    }
  }
}
