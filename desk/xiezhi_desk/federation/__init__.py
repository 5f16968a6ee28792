"""Sign-in by the court's unified identity (统一身份认证), OpenID Connect Core 1.0 (ADR 0017).

``settings``           what an operator says of the provider
``provider``           what is asked of it over HTTPS: where it is, its keys, a token for a code
``id_token``           whether an ID token is good, and whom it names
``pending``            what a browser keeps between the begin and the end of a sign-in
``federated_sign_in``  beginning and finishing a sign-in
``store``              rows of the identities that accounts are bound to
``binding``            binding and unbinding accounts
``examining``          whether all is in order, for `doctor`
``service``            `IdentityService`
"""
