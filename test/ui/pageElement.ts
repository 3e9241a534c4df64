/** As much of a DOM element as is read inside the page: the project is compiled without the DOM's types. */
export interface PageElement {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  querySelector(selector: string): PageElement | null;
}
