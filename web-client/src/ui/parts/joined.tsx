import { Fragment } from 'preact';

/** People's words one after the other, each in its own direction; a point stands after each but the last. */
export function Joined({ of }: { of: readonly preact.ComponentChild[] }) {
  const said = of.filter((part) => part !== '' && part !== null && part !== undefined && part !== false);
  return (
    <>
      {said.map((part, at) => (
        <Fragment key={at}>
          <bdi>{part}</bdi>
          {at < said.length - 1 && '\u00a0· '}
        </Fragment>
      ))}
    </>
  );
}
