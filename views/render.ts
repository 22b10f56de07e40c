import { isValidElement, options, type VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/**
 * Preact renders a Promise, a Date or an object as nothing, and an async component too: here they are faults, at once.
 */
const before = options.vnode;
options.vnode = (node) => {
  if (typeof node.type === 'function' && node.type.constructor.name === 'AsyncFunction') {
    throw new TypeError(`the component ${node.type.name} is async; load data in the handler`);
  }
  for (const child of [(node.props as { children?: unknown } | null)?.children].flat(9)) {
    if (typeof child === 'object' && child !== null && !isValidElement(child)) {
      throw new TypeError(
        `a child of ${String(typeof node.type === 'string' ? node.type : node.type)} cannot be rendered: ${Object.prototype.toString.call(child)}`,
      );
    }
  }
  before?.(node);
};

export const page = (node: VNode): string => `<!doctype html>${renderToString(node)}`;
export const fragment = (node: VNode): string => renderToString(node);
