import { Component, type ComponentChildren } from 'preact';

interface Props {
  /** What stands in place of a screen that could not be drawn. */
  instead: ComponentChildren;
  children: ComponentChildren;
}

/** A fault of ours shows a page that says so, never an empty one. */
export class Crash extends Component<Props, { crashed: boolean }> {
  override state = { crashed: false };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ crashed: true });
  }

  override render({ instead, children }: Props, { crashed }: { crashed: boolean }) {
    return crashed ? instead : children;
  }
}
