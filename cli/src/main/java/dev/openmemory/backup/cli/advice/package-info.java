/** What to do about a failure. */
@NullMarked
package dev.openmemory.backup.cli.advice;

import org.jspecify.annotations.NullMarked;
