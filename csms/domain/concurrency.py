"""A limit of transactions at once, and whose count towards it."""

import msgspec

from ocppj.vocabulary import IdToken


class ConcurrencyLimit(msgspec.Struct, frozen=True, gc=False):
    """So many transactions of these tokens together may go on at once."""

    most: int
    tokens: tuple[IdToken, ...]

    def counts(self, id_token: IdToken) -> bool:
        """Whether a transaction of this token is one of them."""
        return any(id_token.means(each) or each.means(id_token) for each in self.tokens)
