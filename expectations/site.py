"""The Data Docs: one page a suite and one for its findings, equal bytes for equal findings in every folder.

Great Expectations stamps pages with the time, numbers collapsible parts at random, orders its index as the
file system lists names, shows times in the zone of the machine, and leaves tables to scripts from content
networks. The templates in `pages/` replace those that do so; they need no script and no network. Importing
this module takes seconds.
"""

import shutil
from pathlib import Path
from typing import Any

from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.render.renderer.site_index_page_renderer import SiteIndexPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, FileSystemLoader

from schemas.errors import MedinstError

PAGES = Path(__file__).with_name("pages")


class View(DefaultJinjaPageView):
    """Pages in the templates of this project, and in those of Great Expectations where it has none."""

    def __init__(self) -> None:
        super().__init__()
        assert self.env.loader
        self.env.loader = ChoiceLoader([FileSystemLoader(PAGES), self.env.loader])


class Index(SiteIndexPageRenderer):
    """The index with its entries in the order of their names."""

    @classmethod
    def render(cls, index_links_dict: dict[str, Any]) -> Any:
        """Sort what the file system listed, then render it."""
        for links in index_links_dict.values():
            if isinstance(links, list):
                links.sort(key=lambda link: link["expectation_suite_name"])
        return super().render(index_links_dict)


def write_site(context: EphemeralDataContext, suites: list[str], folder: Path) -> None:
    """Write the pages of all that the context holds.

    Raises:
        MedinstError: a page could not be rendered; Great Expectations only logs that.
    """
    for part in ("expectations", "validations"):
        shutil.rmtree(folder / part, ignore_errors=True)
    context.add_data_docs_site("quality", _config(folder))
    context.build_data_docs(["quality"])
    shutil.rmtree(folder / "static", ignore_errors=True)  # four megabytes that no page refers to
    _check(folder, suites)


def _config(folder: Path) -> Any:
    view = {"class_name": View.__name__, "module_name": __name__}
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder.absolute()),
        },
        "site_index_builder": {
            "class_name": "DefaultSiteIndexBuilder",
            "renderer": {"class_name": Index.__name__, "module_name": __name__},
            "view": view,
        },
        "site_section_builders": {
            "expectations": {"view": view},
            "validations": {"view": view},
            "profiling": "none",
        },
    }


def _check(folder: Path, suites: list[str]) -> None:
    wanted = ["index.html", *(f"expectations/{suite}.html" for suite in suites)]
    wanted += [f"validations/{suite}/**/{suite}.html" for suite in suites]
    for pattern in wanted:
        if not any(path.stat().st_size for path in folder.glob(pattern)):
            raise MedinstError(
                f"Data Docs: `{pattern}` was due in `{folder}` and is not there; the log says why. Then: medinst build",
                folder=str(folder),
                page=pattern,
            )
