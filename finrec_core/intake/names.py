"""The column names and file names of other data sets that stand for ours, best match first."""

import re
from collections.abc import Sequence

CLIENT = (
    "client_id client_no client_number client user_id user user_key reviewer_id reviewer customer_id "
    "customer_no customer_number customer account_id account_no account_number account member_id member "
    "investor_id investor party_id person_id author_id author writer_id uid cif"
)
PRODUCT = (
    "product_id product_no product_number product_code product item_id item parent_asin asin business_id "
    "isin ticker symbol wkn valor cusip sedol figi security_id security instrument_id instrument fund_id "
    "asset_id stock_id sku movie_id artist_id book_id song_id track_id game_id recipe_id pid iid"
)
FRIENDS = "friends"  # a column of clients that lists other clients: it makes ties
UNBOUNDED = "plays play_count listens listen_count weight amount quantity count"  # counts, no scale
RECOGNISED: dict[str, dict[str, str]] = {
    "interactions": {
        "client_id": CLIENT,
        "product_id": f"{PRODUCT} artist",
        "timestamp": (
            "timestamp time datetime date_time unix_review_time unix_time unix_timestamp event_time "
            "created_at created_utc trade_date purchase_date order_date transaction_date booking_date "
            "value_date review_date rating_date date review_time when ts created"
        ),
        "rating": f"rating stars overall score star_rating review_rating user_rating grade {UNBOUNDED}",
        "review": (
            "review review_text review_body text comment comments body content tweet message feedback tag"
        ),
    },
    "products": {
        "product_id": f"{PRODUCT} id",
        "name": (
            "name product_name item_name title product_title fund_name security_name instrument_name "
            "business_name artist artist_name movie_title label"
        ),
        "category": (
            "category categories main_category main_cat product_category product_type asset_class "
            "sector industry genre genres group type"
        ),
        "description": "description product_description desc summary about details features tags text body",
        "risk_class": "risk_class srri sri risk_indicator risk_level risk_category risk",
        "min_horizon_years": (
            "min_horizon_years min_horizon minimum_horizon recommended_holding_period holding_period horizon"
        ),
        "ongoing_cost_pct": "ongoing_cost_pct ongoing_cost ongoing_costs ongoing_charge ongoing_charges ter",
        "available": "available is_available active is_active offered is_open",
        "min_knowledge": "min_knowledge minimum_knowledge required_knowledge knowledge",
        "loss_potential": "loss_potential potential_loss max_loss",
    },
    "clients": {
        "client_id": f"{CLIENT} id",
        "name": "name client_name customer_name user_name full_name reviewer_name member_name",
        "segment": "segment client_segment customer_segment tier",
        "branch": "branch branch_name office",
        "risk_tolerance": "risk_tolerance risk_profile risk_appetite",
        "horizon_years": "horizon_years horizon investment_horizon",
        "knowledge": "knowledge experience",
        "loss_capacity": "loss_capacity capacity_for_loss",
        FRIENDS: "friends friend_ids",
        "profile_date": "profile_date profiled_on assessment_date kyc_date",
    },
    "ties": {
        "client_id": f"{CLIENT} source from src user1 follower trustor",
        "other_client_id": (
            "other_client_id other_client other_id friend_id friend other_user_id followee_id followee "
            "followed_id followed following trustee related_client_id target to dst user2 follower"
        ),
        "kind": "kind tie_kind tie_type relation relationship edge_type type",
    },
}
FILE_NAMES: dict[str, str] = {
    "interactions": (
        "interactions interaction ratings rating reviews review holdings holding positions transactions "
        "trades purchases orders events plays listens tweets"
    ),
    "ties": "ties tie friends friendships edges follows followers trust network households relations social",
    "products": (
        "products product items item meta metadata catalogue catalog funds fund instruments securities "
        "stocks movies books artists business businesses"
    ),
    "clients": "clients client users user customers customer accounts members investors",
}
OTHER_FILES = re.compile(
    r"(?<![a-z])(links|check_?ins?|photos?|genome|tagged_?artists|readme)(?![a-z])", re.IGNORECASE
)


def is_other(stem: str) -> bool:
    """Whether a file's name says that it belongs to a published data set but holds none of our tables."""
    return OTHER_FILES.search(stem) is not None


def plain(name: str) -> str:
    """Return a name by its letters and digits alone, so that `User ID`, `userId` and `user_id` agree."""
    return re.sub(r"[\W_]+", "", name.casefold())


ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    table: {column: tuple(plain(name) for name in names.split()) for column, names in columns.items()}
    for table, columns in RECOGNISED.items()
}
KNOWN_NAMES = {name for columns in ALIASES.values() for names in columns.values() for name in names}


def is_unbounded(name: str) -> bool:
    """Whether a rating's column counts plays, amounts and the like, which are no scale of opinion."""
    return plain(name) in {plain(alias) for alias in UNBOUNDED.split()}


def table_of_name(stem: str) -> str | None:
    """Return the table that a file's name speaks of, None where it speaks of none.

    The first table with a word in the name wins, so `user_friends` is ties and `user_reviews`
    interactions.
    """
    words = set(re.split(r"[\W_\d]+", stem.casefold()))
    return next((table for table, names in FILE_NAMES.items() if words & set(names.split())), None)


def is_header(cells: Sequence[str]) -> bool:
    """Whether the first row of a file names its columns: it holds at least as many known names as numbers."""
    numbers = sum(cell.strip().replace(".", "", 1).isdigit() for cell in cells)
    return sum(plain(cell) in KNOWN_NAMES for cell in cells) >= numbers
