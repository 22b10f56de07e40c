import 'preact';

declare module 'preact' {
  interface HTMLAttributes<RefType extends EventTarget = EventTarget> {
    'hx-get'?: string;
    'hx-post'?: string;
    'hx-target'?: string;
    'hx-swap'?: string;
    'hx-trigger'?: string;
    'hx-select'?: string;
    'hx-sync'?: string;
    'hx-push-url'?: string;
    'hx-include'?: string;
    'hx-indicator'?: string;
    'hx-sse:connect'?: string;
    'hx-morph-skip'?: string;
    'hx-headers'?: string;
  }
}
