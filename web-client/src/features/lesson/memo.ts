import { type ComponentType, createElement, type FunctionComponent } from 'preact';
import { useMemo } from 'preact/hooks';
import { language } from '../../i18n';

/** Renders a component again only where one of its properties, or the language, has changed. */
export function memo<P extends object>(Component: FunctionComponent<P>): FunctionComponent<P> {
  return function Memo(props: P) {
    // The properties' values decide, not the object
    return useMemo(
      () => createElement(Component as ComponentType<P>, props),
      [language.value, ...Object.values(props)],
    );
  };
}
