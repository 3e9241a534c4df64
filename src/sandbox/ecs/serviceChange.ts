import { randomUUID } from 'node:crypto';
import { lastPart } from './arns';
import type { EcsState } from './ecsState';
import type { DeploymentRecord, ServiceDeploymentRecord, ServiceEvent, ServiceRecord } from './records';

/** As many events as DescribeServices shows. */
const KEPT_EVENTS = 100;

/** One change of a service, its current service deployment and its events, written when it is whole. */
export class ServiceChange {
  private readonly original: ServiceRecord | undefined;
  private readonly said: ServiceEvent[] = [];
  private changedDeployment: ServiceDeploymentRecord | undefined;

  constructor(
    private readonly state: EcsState,
    readonly key: string,
    private current: ServiceRecord,
    readonly now: number,
  ) {
    this.original = state.services.get(key);
  }

  get service(): ServiceRecord {
    return this.current;
  }

  /** The deployment that new tasks belong to. */
  get primary(): DeploymentRecord {
    const [first] = this.current.deployments;
    if (!first) {
      throw new Error(`The service has no deployment: ${this.key}`);
    }
    return first;
  }

  get serviceDeployment(): ServiceDeploymentRecord {
    const found = this.changedDeployment ?? this.state.serviceDeployments.get(this.deploymentKey());
    if (!found) {
      throw new Error(`The service deployment is missing: ${this.deploymentKey()}`);
    }
    return found;
  }

  set(members: Partial<ServiceRecord>): void {
    this.current = { ...this.current, ...members };
  }

  setPrimary(members: Partial<DeploymentRecord>): void {
    const changed = { ...this.primary, ...members, updatedAt: this.now };
    this.set({ deployments: [changed, ...this.current.deployments.slice(1)] });
  }

  setServiceDeployment(members: Partial<ServiceDeploymentRecord>): void {
    this.changedDeployment = { ...this.serviceDeployment, ...members, updatedAt: this.now };
  }

  /** Makes another service deployment the current one; what was said of the former is written. */
  beginServiceDeployment(record: ServiceDeploymentRecord): void {
    this.writeServiceDeployment();
    this.set({ serviceDeploymentId: lastPart(record.serviceDeploymentArn) });
    this.changedDeployment = record;
  }

  say(message: string): void {
    const text = `(service ${this.current.serviceName}) ${message}`;
    this.said.unshift({ id: randomUUID(), createdAt: this.now, message: text });
  }

  commit(): void {
    if (this.current !== this.original) {
      this.state.services.put(this.key, this.current);
    }
    this.writeServiceDeployment();
    if (this.said.length > 0) {
      const earlier = this.state.events.get(this.key) ?? [];
      this.state.events.put(this.key, [...this.said.splice(0), ...earlier].slice(0, KEPT_EVENTS));
    }
  }

  private writeServiceDeployment(): void {
    if (this.changedDeployment) {
      this.state.serviceDeployments.put(this.deploymentKey(), this.changedDeployment);
      this.changedDeployment = undefined;
    }
  }

  private deploymentKey(): string {
    return `${this.key}/${this.current.serviceDeploymentId}`;
  }
}
