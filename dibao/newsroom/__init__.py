"""The sample newsroom: three invented outlets, served over real HTTP on loopback."""

from dibao.newsroom.content import Outlet, Round, Story, samples_folder
from dibao.newsroom.serve import Newsroom, NewsroomResolver

__all__ = ["Newsroom", "NewsroomResolver", "Outlet", "Round", "Story", "samples_folder"]
