/**
 * What lists the rows of the tree, and reads them anew: what is behind a view that nobody has opened yet is loaded no
 * sooner than its first row is asked for.
 */
export { children, completeChildren } from './children';
export { reloadNode } from './reloadNode';
