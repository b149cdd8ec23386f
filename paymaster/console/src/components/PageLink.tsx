// A link to another page of the console, as text; its target and filter are checked by the router's types.
import { Anchor, type AnchorProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef } from 'react'

type Properties = AnchorProps & Omit<ComponentPropsWithRef<'a'>, keyof AnchorProps>

function AnchorLink(properties: Properties) {
  return <Anchor {...properties} />
}

export const PageLink = createLink(AnchorLink)
