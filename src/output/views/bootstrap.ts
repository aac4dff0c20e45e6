import type { View } from '../view.js';
import { writtenView, type Written } from './written.js';

/** What a read of the users without credentials gives. */
export type AnonymousRead = 'refused' | 'allowed' | 'unknown';

export interface Bootstrapped extends Written {
  /** Null where it was not tried. */
  readonly anonymousRead: AnonymousRead | null;
}

export const bootstrapView: View<Bootstrapped> = {
  text: (data, style) => writtenView.text(data, style),
  json: (data) => ({ ...(writtenView.json(data) as object), anonymousRead: data.anonymousRead }),
};
