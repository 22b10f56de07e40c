import { isValidElement, options, type VNode } from 'preact';
import { bytesOf } from './kept.ts';

/**
 * Preact renders a Promise, a Date or an object as nothing, and an async component too: here they are faults, at once. Asked of
 * every node of every page, so it makes nothing new.
 */
const before = options.vnode;
options.vnode = (node) => {
  if (typeof node.type === 'function' && node.type.constructor === AsyncFunction)
    throw new TypeError(`the component ${node.type.name} is async; load data in the handler`);
  const children = (node.props as { children?: unknown } | null)?.children;
  if (typeof children === 'object' && children !== null) mustBeRenderable(children, node);
  before?.(node);
};

const AsyncFunction = (async () => {}).constructor;

function mustBeRenderable(child: object, parent: VNode): void {
  if (Array.isArray(child)) {
    for (const one of child) if (typeof one === 'object' && one !== null) mustBeRenderable(one, parent);
  } else if (!isValidElement(child)) {
    const type = typeof parent.type === 'string' ? parent.type : String(parent.type);
    throw new TypeError(`a child of ${type} cannot be rendered: ${Object.prototype.toString.call(child)}`);
  }
}

/** A whole page, in bytes: as it is sent. */
export const page = (node: VNode): Buffer => bytesOf(node, '<!doctype html>');
/** A part of one. */
export const fragment = (node: VNode): Buffer => bytesOf(node);
