"""Guard: does a training set hold what models are tested on?"""
