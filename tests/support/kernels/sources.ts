/** Shader text of the test kernels. */
import accumulate from './accumulate.wgsl';
import axpy from './axpy.wgsl';
import echoParams from './echo_params.wgsl';
import slowSum from './slow_sum.wgsl';

const SOURCES: Readonly<Record<string, string>> = { axpy, accumulate, echo_params: echoParams, slow_sum: slowSum };

export const testSources = (kernelName: string): string => SOURCES[kernelName];
