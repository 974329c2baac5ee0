"""What settings say of others who look: how they sign in, what each may see, what is sent out."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from fairlead.forms import Address, EnvironmentName, Table

Role = Literal["lead", "executive", "stakeholder", "member"]
ROLES: tuple[Role, ...] = ("lead", "executive", "stakeholder", "member")
EVERYTHING = ("*",)
"""How settings say: all of them."""


class Grant(Table):
    """Who may see what. Whoever no grant names sees nothing; the first one that names somebody counts.

    `emails` (verified ones) and `groups` (values of the claim) name people, `everyone` all who can sign in. `teams`,
    `projects` and `milestones` are names, or `["*"]` for all. Executives see all teams, leads and members only those
    named. `titles` says whether titles and links of single items are shown.
    """

    name: str
    role: Role
    emails: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    everyone: bool = False
    teams: tuple[str, ...] = ()
    projects: tuple[str, ...] = EVERYTHING
    milestones: tuple[str, ...] = ()
    titles: bool = True

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not (self.emails or self.groups or self.everyone):
            raise PydanticCustomError("nobody", "name emails, groups or everyone = true")
        if self.everyone and self.role == "lead":
            raise PydanticCustomError("everyone", "everyone cannot be a lead: name emails or groups")
        return self


class AccessSettings(Table):
    """Who may see what once they have signed in.

    `contact` is whom a stranger is told to ask, `claim` the identity claim that lists groups, `session_hours` how long
    a sign-in counts, `log_days` how long it is kept who looked at what.
    """

    contact: str = "whoever runs this server"
    claim: str = "groups"
    session_hours: Annotated[float, Field(gt=0, le=720)] = 12
    log_days: Annotated[int, Field(ge=1, le=3650)] = 180
    grants: tuple[Grant, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [grant.name for grant in self.grants]
        if len(names) > len(set(names)):
            raise PydanticCustomError("doubled", "two grants bear one name")
        return self


class SignInSettings(Table):
    """The OpenID Connect provider, and where this server is to be found. Nothing here is secret."""

    address: Address
    metadata_url: Address
    client_id: str
    client_secret_env: EnvironmentName = "FAIRLEAD_CLIENT_SECRET"  # noqa: S105 (the name of a variable, not a secret)
    cookie_secret_env: EnvironmentName = "FAIRLEAD_COOKIE_SECRET"  # noqa: S105


class SharingSettings(Table):
    """Links to one report. Without a secret in `secret_env` none can be made; another secret ends all of them."""

    secret_env: EnvironmentName = "FAIRLEAD_LINK_SECRET"  # noqa: S105
    longest_days: Annotated[int, Field(ge=1, le=365)] = 90


class MailSettings(Table):
    """The SMTP server that written reports are sent by."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user_env: EnvironmentName | None = None
    password_env: EnvironmentName = "FAIRLEAD_MAIL_PASSWORD"  # noqa: S105
    sender: str
    to: Annotated[tuple[str, ...], Field(min_length=1)]


class DeliverySettings(Table):
    """Where written reports are sent when asked to. The address of a webhook is a secret."""

    webhook_env: EnvironmentName | None = None
    mail: MailSettings | None = None
