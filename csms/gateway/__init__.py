"""Where stations arrive: admission, links with epochs, dispatch of what they send, commands to them."""
