"""The core: what commands use of the floors below and of large libraries, imported on first use.

So every command's module has its imports at the top, and yet `--help`, and a command that fails early, pay
for none of them: `core.Store(file)` imports the store when it comes to that.
"""

from typing import TYPE_CHECKING

from finrec_core.first_use import on_first_use

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pydantic import ValidationError
    from rich import box
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar
    from rich.table import Table

    from finrec_core import evaluation, jobs
    from finrec_core.advice import NO_FACTS, Rules, Suitability, listing
    from finrec_core.advice.decision_log import DecisionLog, Entry
    from finrec_core.advice.drivers import drivers
    from finrec_core.advice.emptiness import nobody, nothing_left, without
    from finrec_core.advice.monitoring import Monitoring
    from finrec_core.advice.reverse import reverse
    from finrec_core.advice.reverse import rows as reverse_rows
    from finrec_core.advice.snapshot import Snapshot, Trained
    from finrec_core.advice.suitability import judged
    from finrec_core.advice.vocabulary import vocabulary
    from finrec_core.dataset import (
        TABLES,
        Dataset,
        DatasetError,
        Difference,
        Profile,
        csv_report,
        row_sentences,
    )
    from finrec_core.demo.bank import demo_bank
    from finrec_core.evaluation.forecast import ARMS as FORECAST_ARMS
    from finrec_core.evaluation.forecast import latest_text_forecast, ties_forecast
    from finrec_core.evaluation.groups import by_segment
    from finrec_core.explain import Explanation, Lens, PointScale, Shown, shown
    from finrec_core.explain.contrast import Contrast
    from finrec_core.explain.what_if import WhatIf
    from finrec_core.intake import (
        DELIMITERS,
        STOP,
        FormChoice,
        Intake,
        Question,
        Questions,
        find_sources,
        read_files,
    )
    from finrec_core.intake.choice import chosen
    from finrec_core.intake.contents import text_files
    from finrec_core.intake.source import left_out
    from finrec_core.jobs.switches import switches
    from finrec_core.narrative import Labels
    from finrec_core.narrative.contrast import sentence as contrast_sentence
    from finrec_core.narrative.holdings import holdings
    from finrec_core.narrative.labels import product_titles
    from finrec_core.narrative.sentence import sentence
    from finrec_core.narrative.what_if import sentence as what_if_sentence
    from finrec_core.ranking import Changes
    from finrec_core.recommender import FusedRecommender, Recommendation
    from finrec_core.run_folder import RunFolderError, header, pair_runs
    from finrec_core.settings import settings
    from finrec_core.store import (
        WHICH,
        DatasetVersion,
        Dependents,
        Landing,
        LogQuery,
        LogRow,
        Placement,
        RunRow,
        Store,
        StoreError,
        placed,
        proposed,
    )
    from finrec_core.store import backup as archive
    from finrec_core.store.visitor import Visitor
    from finrec_core.terms import wording
    from finrec_core.terms.progress import Progress, part
    from finrec_core.text import Reading, VectorCache, reading
    from finrec_core.text.reading import TF_IDF
    from finrec_core.views.charts.bars import DIFFERENCE, rest
    from finrec_core.views.data import capacity
    from finrec_core.views.model import monitoring, two_models
    from finrec_core.views.model.figures import with_interval
    from finrec_core.views.model.model_card import ModelCard
    from finrec_core.views.recommendation.decisions import KINDS as DECISION_KINDS
    from finrec_core.views.recommendation.decisions import document as decisions_document
    from finrec_core.views.recommendation.decisions import export as decisions_export
    from finrec_core.views.recommendation.decisions import state as decision_state
    from finrec_core.views.recommendation.record import Record
else:
    __getattr__ = on_first_use(__name__)
