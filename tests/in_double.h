// in_double.h: included before everything in the core's tests when they are compiled with
// Real = double. The test program holds both builds of each test; doctest takes two tests of the
// same name, file and line for one, so the second set gets a name of its own.
#pragma once

#include <doctest/doctest.h>

#undef TEST_CASE
#undef TEST_CASE_FIXTURE
#define TEST_CASE(name) DOCTEST_TEST_CASE("double: " name)
#define TEST_CASE_FIXTURE(fixture, name) DOCTEST_TEST_CASE_FIXTURE(fixture, "double: " name)
