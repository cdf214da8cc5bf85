"""What a model costs."""

from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Price(BaseModel):
    """Currency per million tokens read (`in`) and written (`out`)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    in_: float = Field(alias="in", ge=0, description="per million tokens of the prompt")
    out: float = Field(ge=0, description="per million tokens of the answer")

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Return what so many tokens cost."""
        return (tokens_in * self.in_ + tokens_out * self.out) / 1e6


def list_price(host: str, model: str) -> Price | None:
    """Return the price in `prices.yaml`, None where it is not known."""
    listed = yaml.safe_load(files(__package__).joinpath("prices.yaml").read_text("utf-8"))
    price = listed["hosts"].get(host, {}).get(model)
    return None if price is None else Price(in_=price[0], out=price[1])
