import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { hasAmbientCredentials, loadProfiles, profileFilePaths, type ProfileFiles } from '../../aws/profiles';
import { isRegion } from '../../aws/regionName';
import { REGIONS } from '../../aws/regions';
import { UserError } from '../../base/errors';
import { contextOf, ownRegion } from '../contexts/contextOf';
import { contextName, type ContextAnswers } from '../contexts/contextOfAnswers';
import { DEFAULT_LABEL, isSandbox, nameOf, SANDBOX_LABEL } from '../contexts/contextStore';
import type { Services } from '../services';
import { input, pick, type Choice } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { readContext } from './readContext';

type Source =
  { kind: 'profile'; profile: string } | { kind: 'default' } | { kind: 'sandbox' } | { kind: 'addProfile' };

/** Selects the one context to show, closing the others. Accepts `{profile, region}`; resolves to what was selected. */
export async function selectContext(services: Services, argument?: unknown): Promise<AwsContext> {
  const context = await chooseContext(services, readArguments<ContextAnswers>(argument));
  await services.contexts.select(context);
  return context;
}

/** Opens one more context beside those that are open. Accepts `{profile, region}`. */
export async function addContext(services: Services, argument?: unknown): Promise<AwsContext> {
  const context = await chooseContext(services, readArguments<ContextAnswers>(argument));
  await services.contexts.add(context);
  return context;
}

/** Closes a context. Accepts `{context}`. */
export async function closeContext(services: Services, argument?: unknown): Promise<void> {
  await services.contexts.close(await readContext(services, argument));
}

/** Opens the AWS config file, made with an explaining comment where there is none, at its end. */
export async function openAwsConfig(): Promise<void> {
  const [file] = profileFilePaths();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(CONFIG_TEMPLATE);
    await handle.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  }
  const editor = await vscode.window.showTextDocument(vscode.Uri.file(file));
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  editor.selection = new vscode.Selection(end, end);
}

const CONFIG_TEMPLATE = `# AWS profiles. Each section is one profile that AWS Containers, the AWS CLI and the SDKs can use.
# Remove the leading "# " of the one that fits, fill it in, save, and select the profile.
#
# Sign-in through your organisation (IAM Identity Center): select the profile and click "Sign In"
# [profile work]
# sso_session = my-organisation
# sso_account_id = 123456789012
# sso_role_name = Developer
# region = eu-central-1
#
# [sso-session my-organisation]
# sso_start_url = https://example.awsapps.com/start
# sso_region = eu-central-1
#
# A role that another profile may assume
# [profile staging]
# role_arn = arn:aws:iam::123456789012:role/Deployer
# source_profile = work
# region = eu-central-1
`;

async function chooseContext(services: Services, answers: ContextAnswers): Promise<AwsContext> {
  const files = await loadProfiles();
  const name = contextName(answers.profile) ?? (await chooseName(services, files));
  const asks = answers.region === undefined && name !== SANDBOX_LABEL;
  const known = name === DEFAULT_LABEL || files.names.includes(name);
  const region = asks && known ? await chooseRegion(ownRegion(files, name)) : answers.region;
  return contextOf(services.sandbox, files, name, region);
}

async function chooseName(services: Services, files: ProfileFiles): Promise<string> {
  const source = await chooseSource(services, files);
  switch (source.kind) {
    case 'addProfile':
      await openAwsConfig();
      throw new UserError('cancelled', 'Cancelled.');
    case 'sandbox':
      return SANDBOX_LABEL;
    case 'default':
      return DEFAULT_LABEL;
    case 'profile':
      return source.profile;
  }
}

function chooseSource(services: Services, files: ProfileFiles): Promise<Source> {
  const current = services.contexts.current();
  const choices: Choice<Source>[] = files.names.map((profile) => ({
    label: profile,
    iconPath: new vscode.ThemeIcon('account'),
    description: files.profile(profile)?.region,
    detail: describeProfile(files, profile),
    value: { kind: 'profile', profile },
  }));
  if (hasAmbientCredentials()) {
    choices.unshift({
      label: DEFAULT_LABEL,
      iconPath: new vscode.ThemeIcon('terminal'),
      detail: vscode.l10n.t(
        'What the environment of this window gives: keys, web identity or a container role',
      ),
      value: { kind: 'default' },
    });
  }
  choices.push({
    label: SANDBOX_LABEL,
    iconPath: new vscode.ThemeIcon('beaker'),
    detail: vscode.l10n.t('ECR, ECS and CloudWatch Logs on this machine: no account, no cost'),
    value: { kind: 'sandbox' },
  });
  choices.push({
    label: vscode.l10n.t('Add a Profile...'),
    iconPath: new vscode.ThemeIcon('add'),
    detail: vscode.l10n.t('Opens the AWS config file'),
    value: { kind: 'addProfile' },
  });
  return pick(choices, {
    title: vscode.l10n.t('Select an AWS Profile'),
    placeholder: current && vscode.l10n.t('Now: {0} · {1}', current.label, current.region),
    active: (value) => {
      const source = value as Source;
      if (!current) {
        return false;
      }
      return isSandbox(current)
        ? source.kind === 'sandbox'
        : source.kind === 'profile' && source.profile === nameOf(current.source);
    },
  });
}

/** In a word, how a profile gets its credentials. */
function describeProfile(files: ProfileFiles, name: string): string | undefined {
  const profile = files.profile(name);
  if (!profile) {
    return undefined;
  }
  if (profile.role_arn) {
    return vscode.l10n.t('Assumes {0}', profile.role_arn);
  }
  if (profile.sso_session || profile.sso_start_url) {
    return vscode.l10n.t('IAM Identity Center {0}', profile.sso_session ?? profile.sso_start_url ?? '');
  }
  return (
    profile.endpoint_url ??
    (profile.credentials === 'process' ? vscode.l10n.t('From a credential process') : undefined)
  );
}

async function chooseRegion(own: string | undefined): Promise<string> {
  const typed: Choice<string> = {
    label: vscode.l10n.t('Other Region...'),
    iconPath: new vscode.ThemeIcon('edit'),
    value: '',
  };
  const known = Object.entries(REGIONS).map(([region, name]): Choice<string> => ({
    label: region,
    description: name,
    ...(region === own ? { detail: vscode.l10n.t('The region of the profile') } : {}),
    value: region,
  }));
  const others = known.filter((choice) => choice.value !== own);
  const first: Choice<string>[] = known.filter((choice) => choice.value === own);
  if (own !== undefined && first.length === 0) {
    first.push({ label: own, detail: vscode.l10n.t('The region of the profile'), value: own });
  }
  const chosen = await pick([...first, ...others, typed], { title: vscode.l10n.t('Select a Region') });
  return (
    chosen ||
    input({
      title: vscode.l10n.t('Region'),
      prompt: vscode.l10n.t('The name of the region, such as eu-central-1'),
      validate: (text) => (isRegion(text) ? undefined : vscode.l10n.t('A region looks like eu-central-1.')),
    })
  );
}
