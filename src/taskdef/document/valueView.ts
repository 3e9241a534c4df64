import type { Node } from 'jsonc-parser';
import { holdsPlaceholder } from './placeholders';
import { memberOf, type TaskDefinitionDocument } from './taskDefinitionDocument';
import type { TextSpan } from './textSpan';

/**
 * A value of a document as the rules see it: typed access that never fails, and where it stands. It is `absent`
 * when it is not there, or `null`; `unknown` when a placeholder stands for it, or when it belongs to a part of the
 * definition that this file does not hold, so that nothing may be said against it; else `known`.
 */
export class ValueView {
  // The rules ask the same places again and again: what was answered once is kept with the view.
  private asked: Map<string, ValueView> | undefined;
  private elements: readonly ValueView[] | undefined;
  private placeholder: boolean | undefined;

  private constructor(
    readonly document: TaskDefinitionDocument,
    readonly node: Node | undefined,
    private readonly isElsewhere: boolean,
  ) {}

  static of(document: TaskDefinitionDocument, node: Node | undefined): ValueView {
    return new ValueView(document, node, false);
  }

  /** Stands for what another file says. */
  static elsewhere(document: TaskDefinitionDocument): ValueView {
    return new ValueView(document, undefined, true);
  }

  get absent(): boolean {
    return !this.isElsewhere && (this.node === undefined || this.node.type === 'null');
  }
  get unknown(): boolean {
    const { node } = this;
    if (node === undefined) {
      return this.isElsewhere;
    }
    this.placeholder ??=
      this.document.fillers.has(node.offset) ||
      (node.type === 'string' && holdsPlaceholder(node.value as string));
    return this.placeholder;
  }
  get known(): boolean {
    return !this.absent && !this.unknown;
  }

  /** The token of the value. Only of a value that is written somewhere. */
  get span(): TextSpan {
    return { offset: this.node?.offset ?? 0, length: this.node?.length ?? 0 };
  }

  /** The name of the member of which this is the value, else the value itself. */
  get keySpan(): TextSpan {
    const key = this.node?.parent?.type === 'property' ? this.node.parent.children?.[0] : undefined;
    return key ? { offset: key.offset, length: key.length } : this.span;
  }

  get text(): string | undefined {
    return this.known && this.node?.type === 'string' ? (this.node.value as string) : undefined;
  }
  get number(): number | undefined {
    return this.known && this.node?.type === 'number' ? (this.node.value as number) : undefined;
  }
  get flag(): boolean | undefined {
    return this.known && this.node?.type === 'boolean' ? (this.node.value as boolean) : undefined;
  }
  /** True when something stands in this place of the file, be it a placeholder. */
  get written(): boolean {
    return !this.absent && this.node !== undefined;
  }
  get isObject(): boolean {
    return this.known && this.node?.type === 'object';
  }
  get isArray(): boolean {
    return this.known && this.node?.type === 'array';
  }

  member(name: string): ValueView {
    this.asked ??= new Map();
    let member = this.asked.get(name);
    if (!member) {
      member = this.unknown
        ? ValueView.elsewhere(this.document)
        : ValueView.of(this.document, memberOf(this.node, name));
      this.asked.set(name, member);
    }
    return member;
  }

  /** Names and values of an object's members, without nulls. */
  members(): { readonly name: string; readonly value: ValueView }[] {
    const properties = this.isObject ? (this.node?.children ?? []) : [];
    return properties
      .map(({ children }) => ({
        name: String(children?.[0]?.value),
        value: ValueView.of(this.document, children?.[1]),
      }))
      .filter(({ value }) => !value.absent);
  }

  /** The elements of a list, without nulls; none of what is no list. */
  items(): readonly ValueView[] {
    this.elements ??= (this.isArray ? (this.node?.children ?? []) : [])
      .map((item) => ValueView.of(this.document, item))
      .filter(({ absent }) => !absent);
    return this.elements;
  }

  /** True when everything in the list can be read, so that what is not in it is missing. */
  get complete(): boolean {
    return this.absent || (this.isArray && this.items().every(({ known }) => known));
  }
}
