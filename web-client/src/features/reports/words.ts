import { area } from '../../i18n/area';
import type fr from './words.fr';

export const { t, T, has } = area<typeof fr>({
  ar: () => import('./words.ar'),
  fr: () => import('./words.fr'),
  en: () => import('./words.en'),
});
