import { Children, type ComponentProps, isValidElement } from 'react'

/**
 * The browser's select, unseen over the text of its chosen option: it would cut what is wider than the screen, which
 * large text is on a phone. Its children are options, and it is controlled.
 */
export function Select({ children, ...props }: ComponentProps<'select'>) {
  const options = Children.toArray(children).filter((child) => isValidElement<ComponentProps<'option'>>(child))
  const chosen = options.find((option) => String(option.props.value) === String(props.value))?.props
  return (
    <span className="select-box">
      <span lang={chosen?.lang} aria-hidden="true">
        {chosen?.children}
      </span>
      <select {...props}>{children}</select>
    </span>
  )
}
